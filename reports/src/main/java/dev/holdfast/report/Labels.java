package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a sample: each key once, a text or a number with its unit. Immutable.
 *
 * <p>The order is that of google/pprof's own encoder, texts before numbers and each by key, so that the order in which
 * labels were added is never visible.
 */
public final class Labels implements Comparable<Labels> {
    public static final Labels NONE = new Labels(List.of());

    /** The longest text that Pyroscope takes. */
    private static final int LONGEST_RECORDED = 2048;

    private final List<Label> entries;
    private final int hash;

    private Labels(List<Label> entries) {
        this.entries = entries;
        this.hash = entries.hashCode();
    }

    /** These labels with a text; an empty text removes the key, as every decoder would. */
    public Labels with(String key, String text) {
        String clean = FrameNames.shorten(ProfileText.clean(text));
        return with(key, clean.isEmpty() ? null : new Label(key, clean, 0, ""));
    }

    /** These labels with a number; the unit is required because viewers guess one from the key otherwise. */
    public Labels with(String key, long number, String unit) {
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("label " + key + " without a unit");
        }
        return with(key, new Label(key, null, number, unit));
    }

    /**
     * These labels with a text as the program wrote it: key and text are kept, whatever viewers make of them. A key that no
     * reader takes is left out.
     */
    Labels withRecorded(String key, String text) {
        String clean = ProfileText.clean(text);
        String value = clean.length() > LONGEST_RECORDED ? clean.substring(0, LONGEST_RECORDED) : clean;
        return isRecordedKey(key) && !clean.isEmpty()
                ? put(key, new Label(key, ProfileText.clean(value), 0, ""))
                : this;
    }

    /** These labels with a number as the runtime wrote it, without a unit; 0 is left out, as every decoder would. */
    Labels withRecorded(String key, long number) {
        return isRecordedKey(key) && number != 0 ? put(key, new Label(key, null, number, "")) : this;
    }

    /** These labels with all of a program's. */
    Labels withRecorded(Map<String, String> labels) {
        Labels all = this;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            all = all.withRecorded(label.getKey(), label.getValue());
        }
        return all;
    }

    /** Whether there is a label of that key. */
    boolean has(String key) {
        return entries.stream().anyMatch(entry -> entry.key.equals(key));
    }

    /** These labels with one of ours, unless the program has one of that key, or there is nothing to say. */
    Labels withOurs(String key, @Nullable String text) {
        return text == null || has(key) ? this : with(key, text);
    }

    /** These labels with how a goroutine stands. */
    Labels withState(DumpThread thread) {
        return withOurs("state", thread.state()).withOurs("wait_reason", thread.waitReason());
    }

    /** The number of labels. */
    public int size() {
        return entries.size();
    }

    private Labels with(String key, @Nullable Label label) {
        if (!isKey(key)) {
            throw new IllegalArgumentException("not a label name: " + key);
        }
        return put(key, label);
    }

    private Labels put(String key, @Nullable Label label) {
        List<Label> changed = new ArrayList<>(entries.size() + 1);
        for (Label entry : entries) {
            if (!entry.key.equals(key)) {
                changed.add(entry);
            }
        }
        if (label != null) {
            changed.add(label);
        }
        Collections.sort(changed);
        return new Labels(List.copyOf(changed));
    }

    /** The labels that both have. */
    Labels common(Labels other) {
        return equals(other) ? this : keep(other.entries::contains);
    }

    Labels keep(Predicate<Label> wanted) {
        List<Label> kept = entries.stream().filter(wanted).toList();
        return kept.size() == entries.size() ? this : new Labels(kept);
    }

    List<Label> entries() {
        return entries;
    }

    /** What google/pprof keeps for a program's own keys: all but its own, which begin so. */
    static boolean isRecordedKey(String key) {
        return !key.isEmpty()
                && !key.startsWith("pprof::")
                && ProfileText.clean(key).equals(key);
    }

    /** Prometheus' rule for label names, which is also Pyroscope's. */
    static boolean isKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    @Override
    public int compareTo(Labels other) {
        int shared = Math.min(entries.size(), other.entries.size());
        for (int i = 0; i < shared; i++) {
            int order = entries.get(i).compareTo(other.entries.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(entries.size(), other.entries.size());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels labels && hash == labels.hash && entries.equals(labels.entries);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return entries.toString();
    }

    /** One label; {@code text} is null for a number. */
    record Label(String key, @Nullable String text, long number, String unit) implements Comparable<Label> {
        boolean isText() {
            return text != null;
        }

        @Override
        public int compareTo(Label other) {
            int order = Boolean.compare(other.isText(), isText());
            if (order == 0) {
                order = key.compareTo(other.key);
            }
            if (order == 0 && text != null && other.text != null) {
                order = text.compareTo(other.text);
            }
            if (order == 0) {
                order = Long.compare(number, other.number);
            }
            return order != 0 ? order : unit.compareTo(other.unit);
        }

        @Override
        public String toString() {
            return key + "=" + (text != null ? text : number + " " + unit);
        }
    }
}
