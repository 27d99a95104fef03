package dev.sallyport.kernel.routing;

import java.util.List;

/**
 * A path told by its segments: one with parameters, a prefix, or both.
 *
 * @param parts the segments, in order
 * @param open whether anything may follow
 */
record SegmentsPath(String text, List<Part> parts, boolean open) implements PathPattern {

    /**
     * A segment.
     *
     * @param text in normal form, or the parameter's name
     */
    record Part(String text, boolean parameter) {}

    SegmentsPath {
        parts = List.copyOf(parts);
    }

    @Override
    public boolean matches(String path) {
        if (!path.startsWith("/")) {
            return false;
        }
        int at = 0;
        for (Part part : parts) {
            if (at >= path.length()) {
                return false;
            }
            int to = end(path, at + 1);
            boolean same = part.parameter()
                    ? to > at + 1
                    : to - at - 1 == part.text().length() && path.startsWith(part.text(), at + 1);
            if (!same) {
                return false;
            }
            at = to;
        }
        return open || at == path.length();
    }

    @Override
    public PathParameters parameters() {
        return PathParameters.in(parts);
    }

    @Override
    public Kind kind() {
        return open ? Kind.PREFIX : Kind.PARAMETERS;
    }

    @Override
    public int segments() {
        return open ? parts.size() : 0;
    }

    @Override
    public int literals() {
        int literals = 0;
        for (Part part : parts) {
            literals += part.parameter() ? 0 : 1;
        }
        return literals;
    }

    static int end(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }
}
