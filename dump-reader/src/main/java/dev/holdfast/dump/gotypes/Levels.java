package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Goes through the levels of a {@link TypePropagation}; no level begins before the one before has ended. */
final class Levels {
    /** Fewer objects are not worth a second thread: starting one costs as much as following 500. */
    private static final int SMALL = 2 * Frontier.CHUNK;

    private final List<TypePropagation.Team> team;
    private final Claims claims;
    private final FactTable facts;
    private final Ranges ranges;
    private final PlaceSet seen = new PlaceSet();
    private Frontier now = new Frontier();
    private Places places = new Places();
    private Places nextPlaces = new Places();

    Levels(List<TypePropagation.Team> team, Claims claims, FactTable facts, Ranges ranges) {
        this.ranges = ranges;
        this.team = team;
        this.claims = claims;
        this.facts = facts;
    }

    /** Follows variables and all that the team's claims so far have put in line, until nothing new comes. */
    void run(Places variables, Progress progress) throws IOException {
        for (int i = 0; i < variables.size; i++) {
            long end = ranges.endAt(variables.addresses[i]);
            // A forged type may be larger than all variables together.
            boolean fits = end == 0 || facts.of(variables.types[i]).size <= end - variables.addresses[i];
            if (fits && seen.add(variables.addresses[i], variables.types[i], 1)) {
                nextPlaces.add(variables.addresses[i], variables.types[i], 1, -1);
            }
        }
        collect();
        for (int level = 0; now.size() > 0 || places.size > 0; level++) {
            if ((level & 1023) == 0) {
                progress.check();
            }
            Walker walker = team.get(0).walker;
            if (now.size() < SMALL || team.size() == 1) {
                for (int i = 0; i < now.chunks(); i++) {
                    begin(now.chunk(i));
                }
                for (int i = 0; i < now.chunks(); i++) {
                    follow(now.chunk(i), walker);
                }
            } else {
                together();
            }
            for (int i = 0; i < places.size; i++) {
                walker.values(facts.of(places.types[i]), places.addresses[i], places.counts[i]);
            }
            places.clear();
            now.clear();
            collect();
        }
    }

    private void together() throws IOException {
        Frontier frontier = now;
        Workers.run(frontier.chunks(), team.size(), () -> task -> begin(frontier.chunk(task)));
        AtomicInteger member = new AtomicInteger();
        Workers.run(frontier.chunks(), team.size(), () -> {
            Walker walker = team.get(member.getAndIncrement()).walker;
            return task -> follow(frontier.chunk(task), walker);
        });
    }

    private void begin(Frontier.Chunk chunk) {
        for (int i = 0; i < chunk.size; i++) {
            chunk.claims[i] = claims.begin(chunk.slots[i]);
        }
    }

    private static void follow(Frontier.Chunk chunk, Walker walker) {
        for (int i = 0; i < chunk.size; i++) {
            walker.object(chunk.slots[i], chunk.claims[i]);
        }
    }

    /** What the team found becomes the next level. */
    private void collect() {
        for (TypePropagation.Team member : team) {
            now.takeAll(member.follower.next);
            Places found = member.follower.places;
            for (int i = 0; i < found.size; i++) {
                int slot = found.slots[i];
                // An object that has a type as a whole by now is followed by that.
                if ((slot < 0 || Claims.rank(claims.get(slot)) < Claims.TILED_LATE)
                        && seen.add(found.addresses[i], found.types[i], found.counts[i])) {
                    nextPlaces.add(found.addresses[i], found.types[i], found.counts[i], slot);
                }
            }
            found.clear();
        }
        Places empty = places;
        places = nextPlaces;
        nextPlaces = empty;
    }
}
