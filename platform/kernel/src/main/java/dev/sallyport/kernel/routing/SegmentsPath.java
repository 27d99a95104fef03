package dev.sallyport.kernel.routing;

/**
 * A path told by its segments: one with parameters, a prefix, or both.
 *
 * @param outline the segments, each behind a slash: literal ones in normal form, {@code {name}} for a parameter
 * @param open whether anything may follow
 * @param all how many segments there are
 * @param literal how many of them are no parameters
 */
record SegmentsPath(String text, String outline, boolean open, short all, short literal) implements PathPattern {

    // The counts are asked for again and again where very many rules are put in order; a path is too short for more.
    static SegmentsPath of(String text, String outline, boolean open) {
        return new SegmentsPath(text, outline, open, count(outline, false), count(outline, true));
    }

    @Override
    public boolean matches(String path) {
        if (!path.startsWith("/")) {
            return false;
        }
        int at = 0;
        int to;
        for (int part = 0; part < outline.length(); part = to) {
            if (at >= path.length()) {
                return false;
            }
            to = end(outline, part + 1);
            int next = end(path, at + 1);
            boolean same = isParameter(outline, part + 1)
                    ? next > at + 1
                    : next - at == to - part && path.regionMatches(at, outline, part, to - part);
            if (!same) {
                return false;
            }
            at = next;
        }
        return open || at == path.length();
    }

    @Override
    public PathParameters parameters() {
        return PathParameters.in(outline);
    }

    @Override
    public Kind kind() {
        return open ? Kind.PREFIX : Kind.PARAMETERS;
    }

    @Override
    public int segments() {
        return open ? all : 0;
    }

    @Override
    public int literals() {
        return literal;
    }

    private static short count(String outline, boolean literal) {
        short count = 0;
        for (int at = 0; at < outline.length(); at = end(outline, at + 1)) {
            if (!literal || !isParameter(outline, at + 1)) {
                count++;
            }
        }
        return count;
    }

    /** Whether the segment that starts there is a parameter. A brace cannot stand in a path in normal form. */
    static boolean isParameter(String outline, int at) {
        return at < outline.length() && outline.charAt(at) == '{';
    }

    static int end(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }
}
