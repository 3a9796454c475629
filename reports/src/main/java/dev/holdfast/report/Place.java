package dev.holdfast.report;

/** What one frame shows: a function's name and file, and a line (0 where unknown). Equal places are one location. */
record Place(String name, String file, int line) implements Comparable<Place> {
    static final Place DEEPER = new Place(FrameNames.DEEPER, "", 0);
    static final Place OTHER = new Place(FrameNames.OTHER, "", 0);

    @Override
    public int compareTo(Place other) {
        int order = name.compareTo(other.name);
        if (order == 0) {
            order = file.compareTo(other.file);
        }
        return order != 0 ? order : Integer.compare(line, other.line);
    }
}
