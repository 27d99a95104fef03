package dev.sallyport.kernel.routing;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path whose parameters have no names: two patterns of equal shapes take the same paths.
 *
 * @param kind null where there is no path
 * @param text the segments as in an outline, {@code {}} for each parameter; a regular expression as it is written
 */
record Shape(PathPattern.@Nullable Kind kind, String text) {

    static final String PARAMETER = "{}";

    private static final Pattern NAMED = Pattern.compile("\\{[^/]*");

    static Shape of(@Nullable PathPattern path) {
        if (path == null) {
            return new Shape(null, "");
        }
        String text = path instanceof RegexPath ? path.text() : path.outline();
        boolean parameters = path instanceof SegmentsPath && text.indexOf('{') >= 0;
        return new Shape(path.kind(), parameters ? NAMED.matcher(text).replaceAll(PARAMETER) : text);
    }

    /** All below those segments. */
    static Shape prefix(String outline) {
        return new Shape(PathPattern.Kind.PREFIX, outline);
    }

    /** Whether paths of another shape can be as specific as those of this one, and the same. */
    boolean isMixed() {
        if ((kind != PathPattern.Kind.PARAMETERS && kind != PathPattern.Kind.PREFIX) || text.indexOf('{') < 0) {
            return false;
        }
        return rank().literals() > 0;
    }

    /** How specific it is. */
    Rank rank() {
        List<String> segments = segments(text);
        int literals = (int)
                segments.stream().filter(segment -> !segment.equals(PARAMETER)).count();
        return new Rank(kind, segments.size(), literals);
    }

    /** Where it has parameters: {@code lpl} where the second of three segments is one. */
    String mask() {
        StringBuilder mask = new StringBuilder();
        segments(text).forEach(segment -> mask.append(segment.equals(PARAMETER) ? 'p' : 'l'));
        return mask.toString();
    }

    /** The segments of an outline. */
    static List<String> segments(String outline) {
        return outline.isEmpty() ? List.of() : List.of(outline.substring(1).split("/", -1));
    }
}
