package dev.sallyport.kernel.routing;

import java.util.Map;

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
    public Map<String, String> parameters(String candidate) {
        return Map.of();
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
