package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Writes heap dumps that no JVM made: of any size, without a heap of that size, and of the shapes that break algorithms on
 * graphs (a list, back pointers, a star, Semi-NCA's worst case). The same bytes for the same arguments.
 *
 * <p>{@code GeneratedDump SHAPE OBJECTS FILE [TEXT]}; TEXT is the mean length of the texts of {@code business}, 40 by default,
 * which makes 50 bytes of file an object.
 */
final class GeneratedDump {
    private static final String OBJECT_CLASS = "java/lang/Object";
    private static final String ARRAY_CLASS = "[Ljava/lang/Object;";
    private static final String NODE = "com/example/Node";
    private static final HprofStream.Field[] NONE = {};
    private static final int USAGE = 2;

    private final HprofStream out;
    private final long wanted;

    private GeneratedDump(HprofStream out, long wanted) {
        this.out = out;
        this.wanted = wanted;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3 || arguments.length > 4) {
            usage();
        }
        long objects = Long.parseLong(arguments[1].replace("_", ""));
        Path file = Path.of(arguments[2]);
        Path part = file.resolveSibling("part-" + ProcessHandle.current().pid() + ".hprof");
        try (HprofStream out = new HprofStream(part)) {
            GeneratedDump dump = new GeneratedDump(out, objects);
            dump.out.type(OBJECT_CLASS, "", NONE);
            dump.out.type("java/lang/Class", OBJECT_CLASS, NONE);
            dump.out.type(ARRAY_CLASS, OBJECT_CLASS, NONE);
            dump.out.type("[B", OBJECT_CLASS, NONE);
            switch (arguments[0]) {
                case "business":
                    new GeneratedBusiness(out, arguments.length > 3 ? Integer.parseInt(arguments[3]) : 40)
                            .write(objects);
                    break;
                case "list":
                    dump.held(dump.list(false));
                    break;
                case "doubly-linked":
                    dump.held(dump.list(true));
                    break;
                case "star":
                    dump.held(dump.star());
                    break;
                case "tree":
                    dump.held(dump.tree());
                    break;
                case "semi-nca":
                    dump.held(dump.semiNca());
                    break;
                case "random":
                    dump.held(dump.random());
                    break;
                case "unreachable":
                    dump.random();
                    dump.held(0);
                    break;
                default:
                    usage();
            }
            System.out.printf(
                    "%s: %,d objects, %.2f references an object with the one to its class%n",
                    file, out.objects(), out.references() / (double) Math.max(1, out.objects()));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        System.out.println(file + ": " + Files.size(file) + " bytes");
    }

    private static void usage() {
        System.err.println("usage: GeneratedDump business|list|doubly-linked|star|tree|semi-nca|random|unreachable"
                + " OBJECTS FILE [TEXT]");
        System.exit(USAGE);
    }

    /** The class whose variable holds everything. */
    private void held(long head) throws IOException {
        out.type("com/example/Holder", OBJECT_CLASS, new HprofStream.Field[] {
            new HprofStream.Field("head", HprofStream.OBJECT, head)
        });
    }

    private void nodes(String... fields) throws IOException {
        HprofStream.Field[] all = new HprofStream.Field[fields.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = HprofStream.field(fields[i], HprofStream.OBJECT);
        }
        out.type(NODE, OBJECT_CLASS, NONE, all);
    }

    private long list(boolean doubly) throws IOException {
        nodes(doubly ? new String[] {"next", "previous"} : new String[] {"next"});
        long type = out.id(NODE);
        int size = doubly ? 24 : 16;
        long first = out.next();
        for (long i = 0; i < wanted; i++) {
            long node = out.instance(type, doubly ? 16 : 8, size);
            out.reference(i + 1 < wanted ? node + size : 0);
            if (doubly) {
                out.reference(i > 0 ? node - size : 0);
            }
        }
        return first;
    }

    /** An array of all objects but itself, each of which points back to it. */
    private long star() throws IOException {
        nodes("center");
        long type = out.id(NODE);
        int length = Math.toIntExact(wanted - 1);
        long array = out.array(out.id(ARRAY_CLASS), length);
        for (int i = 0; i < length; i++) {
            out.reference(out.next() + 16L * i);
        }
        for (int i = 0; i < length; i++) {
            out.instance(type, 8, 16);
            out.reference(array);
        }
        return array;
    }

    /** A full binary tree, level by level, with pointers to the parent. */
    private long tree() throws IOException {
        nodes("left", "right", "parent");
        long type = out.id(NODE);
        long first = out.next();
        for (long i = 0; i < wanted; i++) {
            out.instance(type, 24, 24);
            out.reference(2 * i + 1 < wanted ? first + 24 * (2 * i + 1) : 0);
            out.reference(2 * i + 2 < wanted ? first + 24 * (2 * i + 2) : 0);
            out.reference(i > 0 ? first + 24 * ((i - 1) / 2) : 0);
        }
        return first;
    }

    /**
     * Semi-NCA's worst case: a list whose last node points to many objects, to each of which the head points too. Their
     * semidominator is the head, but the walk up the dominators starts at the end of the list: nodes times objects steps. Twice,
     * with the list before and behind the objects among the head's references, as a search may go either way.
     */
    private long semiNca() throws IOException {
        nodes("next");
        long type = out.id(NODE);
        int part = Math.toIntExact((wanted - 5) / 4);
        long[] heads = new long[2];
        for (int turn = 0; turn < 2; turn++) {
            long list = out.next();
            for (int i = 0; i < part; i++) {
                long node = out.instance(type, 8, 16);
                out.reference(node + 16);
            }
            long end = out.array(out.id(ARRAY_CLASS), part);
            long objects = out.next();
            for (int i = 0; i < part; i++) {
                out.reference(objects + 16L * i);
            }
            for (int i = 0; i < part; i++) {
                out.instance(type, 8, 16);
                out.reference(i % 2 == 0 ? end : 0);
            }
            heads[turn] = out.array(out.id(ARRAY_CLASS), part + 1);
            if (turn == 0) {
                out.reference(list);
            }
            for (int i = 0; i < part; i++) {
                out.reference(objects + 16L * i);
            }
            if (turn == 1) {
                out.reference(list);
            }
        }
        long both = out.array(out.id(ARRAY_CLASS), 2);
        out.reference(heads[0]);
        out.reference(heads[1]);
        return both;
    }

    /** Two references an object to any other. */
    private long random() throws IOException {
        nodes("one", "other");
        long type = out.id(NODE);
        SplittableRandom random = new SplittableRandom(20_240_501);
        long first = out.next();
        for (long i = 0; i < wanted; i++) {
            out.instance(type, 16, 24);
            out.reference(first + 24 * random.nextLong(wanted));
            out.reference(first + 24 * random.nextLong(wanted));
        }
        return first;
    }
}
