package dev.sallyport.plugins.elk;

import java.util.Comparator;

/**
 * A place in a spool.
 *
 * @param segment the segment's number, from 1
 * @param offset bytes from its beginning
 */
record Position(long segment, long offset) implements Comparable<Position> {

    /** Before everything. */
    static final Position START = new Position(0, 0);

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::segment).thenComparingLong(Position::offset);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /** Whether it is before that one. */
    boolean before(Position other) {
        return compareTo(other) < 0;
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    static Position parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(text);
        }
        return new Position(Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return segment + ":" + offset;
    }
}
