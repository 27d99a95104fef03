package dev.sallyport.kernel.routing;

/**
 * One path.
 *
 * @param path in normal form
 */
record ExactPath(String text, String path) implements PathPattern {

    @Override
    public boolean matches(String candidate) {
        return path.equals(candidate);
    }

    @Override
    public String outline() {
        return path;
    }

    @Override
    public PathParameters parameters() {
        return PathParameters.NONE;
    }

    @Override
    public Kind kind() {
        return Kind.EXACT;
    }

    @Override
    public int segments() {
        return 0;
    }

    @Override
    public int literals() {
        return 0;
    }
}
