package dev.sallyport.kernel.routing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the written forms of {@link PathPattern}. */
final class PathPatternParser {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Pattern NON_ASCII = Pattern.compile("[^\\x00-\\x7f]+");
    private static final int MAX_LENGTH = 2_000;

    private PathPatternParser() {}

    static PathPattern parse(String text) {
        if (text.startsWith(RegexPath.MARK)) {
            return RegexPath.parse(text);
        }
        if (!text.startsWith("/")) {
            throw bad(text, "a path that starts with /, or re: and a regular expression", "write /" + text);
        }
        if (text.length() > MAX_LENGTH) {
            throw bad(text, "a path of at most " + MAX_LENGTH + " characters", "shorten it");
        }
        if (text.indexOf('?') >= 0) {
            throw bad(text, "a path without query", "put the parameters under query");
        }
        boolean open = text.endsWith("/**");
        String closed = open ? text.substring(0, text.length() - 3) : text;
        if (closed.indexOf('*') >= 0) {
            throw bad(text, "* only in /** at the end", starMend(text));
        }
        String outline = closed.isEmpty() ? "" : outline(text, closed);
        boolean plain = !open && closed.indexOf('{') < 0;
        return plain ? new ExactPath(text, normal(text, closed)) : SegmentsPath.of(text, outline, open);
    }

    private static String outline(String text, String path) {
        StringBuilder outline = new StringBuilder(path.length());
        Set<String> names = new HashSet<>();
        int to;
        for (int at = 0; at < path.length(); at = to) {
            to = SegmentsPath.end(path, at + 1);
            String segment = path.substring(at, to);
            if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
                String name = parameter(text, segment.substring(1));
                if (!names.add(name)) {
                    throw bad(text, "each parameter once", "rename one {" + name + "}");
                }
                outline.append(segment);
                continue;
            }
            String literal = normal(text, segment);
            if (literal.length() == 1 && segment.length() > 1) {
                throw bad(text, "a path without dot segments", "leave out the segment " + segment.substring(1));
            }
            outline.append(literal);
        }
        return path.contentEquals(outline) ? path : outline.toString();
    }

    /** The name in braces. */
    private static String parameter(String text, String segment) {
        String name = segment.substring(1, Math.max(1, segment.length() - 1));
        if (!segment.startsWith("{") || !segment.endsWith("}") || name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
            throw bad(text, "a parameter as a whole segment, such as {id}", "use re: for parts of a segment");
        }
        if (!NAME.matcher(name).matches()) {
            throw bad(text, "a parameter's name of letters, digits, _ and -", "rename {" + name + "}");
        }
        return name;
    }

    private static String normal(String text, String path) {
        try {
            return NormalPath.of(isVisibleAscii(path) ? path : encoded(path));
        } catch (MalformedPathException e) {
            throw bad(text, "a path that a request can have", String.valueOf(e.getMessage()));
        }
    }

    private static boolean isVisibleAscii(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String encoded(String path) {
        return NON_ASCII
                .matcher(path)
                .replaceAll(match -> URLEncoder.encode(match.group(), StandardCharsets.UTF_8))
                .replace(" ", "%20");
    }

    private static String starMend(String text) {
        if (text.endsWith("/*") && text.indexOf('*') == text.length() - 1) {
            String front = text.substring(0, text.length() - 1);
            return "write " + front + "{name} for one segment, " + front + "** for all below";
        }
        if (text.endsWith("**") && text.indexOf('*') == text.length() - 2) {
            return "write " + text.substring(0, text.length() - 2) + "/**";
        }
        return "write {name} for one segment in the middle, or use re:";
    }

    private static IllegalArgumentException bad(String text, String expected, String mend) {
        return new IllegalArgumentException(text + " (expected: " + expected + "); " + mend);
    }
}
