package dev.sallyport.kernel.config;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The syntax of what a match names: hosts, paths, methods, header names. */
final class MatchCheck {

    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-f:.]+]");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern PARAMETER = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_-]*}");
    private static final Pattern SEGMENT = Pattern.compile("([A-Za-z0-9._~!$&'()+,;=:@-]|[^\\x00-\\x7f]|%[0-9A-Fa-f]{2})*");
    /** What no automaton without memory can match, so that time would not be linear. */
    private static final Pattern BEYOND_REGULAR =
            Pattern.compile("\\(\\?(=|!|<=|<!|>)|(?<!\\\\)(\\\\\\\\)*\\\\[1-9k]|[*+?}]\\+");

    private MatchCheck() {}

    /** What is wrong with a host, after its text; null where nothing is. */
    static @Nullable String host(String host) {
        if (HOST.matcher(host).matches() || ADDRESS.matcher(host).matches()) {
            return null;
        }
        String lower = host.toLowerCase(Locale.ROOT);
        String mend = host.equals("*")
                ? "leave hosts out to take all"
                : HOST.matcher(lower).matches()
                        ? "write " + lower
                        : host.contains("*") ? "write * only as the first label" : "leave out scheme, port and path";
        return " (expected: a host such as api.example.com or *.example.com); " + mend;
    }

    static @Nullable String method(String method) {
        if (TOKEN.matcher(method).matches() && method.equals(method.toUpperCase(Locale.ROOT))) {
            return null;
        }
        String upper = method.toUpperCase(Locale.ROOT);
        return " (expected: a method in capitals such as GET); "
                + (TOKEN.matcher(upper).matches() ? "write " + upper : "mend it");
    }

    static @Nullable String header(String name) {
        return TOKEN.matcher(name).matches() ? null : " (expected: a header's name such as x-version); mend it";
    }

    /** What is wrong with a path; {@code /orders}, {@code /orders/**}, <code>/orders/{id}</code> or {@code re:…}. */
    static @Nullable String path(String path) {
        if (path.startsWith("re:")) {
            return regex(path.substring(3));
        }
        if (!path.startsWith("/")) {
            return " (expected: a path that begins with / or re:); "
                    + (path.equals("**") || path.equals("*") ? "write /**" : "write /" + path);
        }
        Set<String> parameters = new HashSet<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (segment.equals("**")) {
                if (i < segments.length - 1) {
                    return " (expected: ** at the end only); use {name} for one segment, or re:";
                }
            } else if (PARAMETER.matcher(segment).matches()) {
                if (!parameters.add(segment)) {
                    return " (expected: " + segment + " once); give the second another name";
                }
            } else {
                String problem = segment(segment);
                if (problem != null) {
                    return problem;
                }
            }
        }
        return null;
    }

    private static @Nullable String segment(String segment) {
        if (segment.equals(".") || segment.equals("..")) {
            return " (expected: no " + segment + " in it); write the path that it leads to";
        }
        if (segment.contains("{") || segment.contains("}")) {
            return " (expected: a parameter that is a whole segment, such as {id}); use re: for parts of one";
        }
        if (segment.contains("*")) {
            return " (expected: * only as /** at the end); use {name} for one segment, /** for all below, or re:";
        }
        return SEGMENT.matcher(segment).matches()
                ? null
                : " (expected: no ?, #, space or other reserved character); percent-encode it";
    }

    private static @Nullable String regex(String regex) {
        if (BEYOND_REGULAR.matcher(regex).find()) {
            return " (expected: a regex without lookaround, backreference or possessive quantifier); write it without";
        }
        try {
            Pattern.compile(regex);
            return regex.startsWith("/") ? null : " (expected: a regex that begins with /); write re:/" + regex;
        } catch (PatternSyntaxException e) {
            return " (expected: a regex); " + e.getDescription() + " at character " + (e.getIndex() + 4);
        }
    }
}
