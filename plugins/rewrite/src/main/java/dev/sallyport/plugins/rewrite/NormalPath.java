package dev.sallyport.plugins.rewrite;

import java.util.HexFormat;

/** The one form that paths have within the gateway: encoded, without dot segments, NUL and backslash. */
final class NormalPath {

    private NormalPath() {}

    static boolean isNormal(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '\\' || c == '?' || c == '#') {
                return false;
            }
            if (c == '%') {
                boolean whole = i + 2 < path.length()
                        && HexFormat.isHexDigit(path.charAt(i + 1))
                        && HexFormat.isHexDigit(path.charAt(i + 2));
                if (!whole || path.startsWith("%00", i)) {
                    return false;
                }
            }
        }
        for (String segment : path.split("/", -1)) {
            String dots = segment.replace("%2e", ".").replace("%2E", ".");
            if (dots.equals(".") || dots.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /**
     * The path with one slash at its beginning: where it is read as a reference, {@code //host} names another host (RFC
     * 3986 §4.2), so a path that a client can shape must not begin so.
     */
    static String rooted(String path) {
        int first = 0;
        while (first < path.length() && path.charAt(first) == '/') {
            first++;
        }
        return first == 1 ? path : "/" + path.substring(first);
    }
}
