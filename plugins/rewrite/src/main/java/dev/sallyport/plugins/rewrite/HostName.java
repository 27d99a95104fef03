package dev.sallyport.plugins.rewrite;

import java.util.regex.Pattern;

/**
 * The host of a URL, and its port if any: {@code api.example.com}, {@code localhost:8080}, {@code [::1]:8080}.
 *
 * @param text as written
 */
record HostName(String text) {

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?");

    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException(text + " (expected: a host such as api.example.com or localhost:8080)");
    }

    /** The host alone. */
    HostName withoutPort() {
        int colon = text.lastIndexOf(':');
        return colon < 0 || text.endsWith("]") ? this : new HostName(text.substring(0, colon));
    }

    @Override
    public String toString() {
        return text;
    }
}
