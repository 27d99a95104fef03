package dev.sallyport.plugins.grpcjson;

import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Takes JSON that is known to be valid apart: the elements of an array, or documents on lines of their own. Holds one of
 * them. For one thread.
 */
final class JsonSplitter {

    private final boolean lines;
    private final int limit;
    private final Bytes value = new Bytes();
    private byte[] chunk = {};
    private int at;
    private int to;
    private int depth;
    private boolean begun;
    private boolean array;
    private boolean text;
    private boolean escaped;
    private long count;

    /**
     * @param lines whether documents follow each other; else there is one, whose elements are given where it is an array
     * @param limit the most bytes of a value
     */
    JsonSplitter(boolean lines, int limit) {
        this.lines = lines;
        this.limit = limit;
    }

    /** The next bytes, after those before were taken apart. */
    void feed(byte[] bytes, int length) {
        chunk = bytes;
        at = 0;
        to = length;
    }

    /** The next value that is whole; null where more bytes are needed. */
    byte @Nullable [] next() throws BadContentException {
        int inside = array ? 1 : 0;
        while (at < to) {
            byte c = chunk[at++];
            if (text) {
                keep(c);
                if (escaped) {
                    escaped = false;
                } else if (c == '\\') {
                    escaped = true;
                } else if (c == '"') {
                    text = false;
                }
                continue;
            }
            if (isBetween(c)) {
                if (depth == 0 && lines && c == '\n' && value.size() > 0) {
                    return taken();
                }
                continue;
            }
            if (!begun && !lines && c == '[') {
                begun = true;
                array = true;
                depth = 1;
                inside = 1;
                continue;
            }
            begun = true;
            if (array && depth == 1 && (c == ',' || c == ']')) {
                if (c == ']') {
                    depth = 0;
                }
                if (value.size() > 0) {
                    return taken();
                }
                continue;
            }
            keep(c);
            switch (c) {
                case '"' -> text = true;
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == inside && lines) {
                        return taken();
                    }
                }
                default -> {}
            }
        }
        return null;
    }

    /** What is left at the end; null where nothing is. */
    byte @Nullable [] rest() {
        return value.size() > 0 ? taken() : null;
    }

    /** How many values were given. */
    long count() {
        return count;
    }

    /** White space, and a mark of UTF-8 at the beginning. */
    private static boolean isBetween(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c < 0;
    }

    private void keep(byte c) throws BadContentException {
        if (value.size() >= limit) {
            throw BadContentException.tooLarge("message " + (count + 1) + " has more than " + limit + " bytes");
        }
        value.write(c);
    }

    private byte[] taken() {
        count++;
        byte[] whole = value.toArray();
        value.clear();
        return whole;
    }
}
