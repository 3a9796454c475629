package dev.holdfast.report;

/** What one frame shows: a function's name and file, and a line (0 where unknown). Equal places are one location. */
record Place(String name, String file, int line) implements Comparable<Place> {
    static final Place DEEPER = new Place(FrameNames.DEEPER, "", 0);
    static final Place OTHER = new Place(FrameNames.OTHER, "", 0);

    /** A place with any name made fit to be written and read. */
    static Place of(String name, String file, int line) {
        String cleanName = FrameNames.shorten(ProfileText.clean(name));
        if (cleanName.isEmpty() || line < 0) {
            throw new IllegalArgumentException("frame named '" + name + "', line " + line);
        }
        return new Place(cleanName, ProfileText.clean(file), line);
    }

    @Override
    public int compareTo(Place other) {
        int order = name.compareTo(other.name);
        if (order == 0) {
            order = file.compareTo(other.file);
        }
        return order != 0 ? order : Integer.compare(line, other.line);
    }
}
