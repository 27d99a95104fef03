package dev.sallyport.kernel.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Says what to do about a text that is no YAML. Most often a value of this product's own vocabulary stands in flow style
 * without quotes: {@code [/orders/{id}]}, {@code [*.example.com]}, {@code [::1/128]}, <code>{key: ${env:X}}</code>.
 */
final class YamlMend {

    private YamlMend() {}

    static String explain(MarkedYamlEngineException e, String text, Function<Mark, Place> place) {
        String problem = line(e.getProblem());
        String token = token(e.getProblemMark(), text);
        if (token != null) {
            return token + " (expected: quotes around it); quote it: '" + token.replace("'", "''") + "'";
        }
        if (problem.contains("\\t")) {
            return "a tab (expected: spaces); indent with spaces";
        }
        if (problem.contains("cannot start any token")) {
            return problem.replaceAll("\\. \\(Do not.*", "") + " (expected: a value); quote the value";
        }
        if (problem.contains("mapping values are not allowed")) {
            return colon(e.getProblemMark(), text);
        }
        if (problem.contains("could not find expected ':'")) {
            return "a line without a colon (expected: key: value); add the colon";
        }
        if (problem.contains("unexpected end of stream")) {
            return "the file ends within quotes (expected: closing quotes); close those" + opened(e, place);
        }
        if (problem.startsWith("expected ',' or")) {
            return "not where it belongs within brackets (expected: a comma or the closing bracket); add a comma, or"
                    + " close those" + opened(e, place);
        }
        if (problem.contains("escape")) {
            return problem + " (expected: an escape of JSON); use single quotes, or write \\\\";
        }
        if (problem.contains("expected <block end>")) {
            return "not where it belongs (expected: the indentation of its neighbours); mend the indentation or the"
                    + " brackets";
        }
        if (problem.contains("chomping or indentation indicators")) {
            return "text behind | or > (expected: a new line, or an indicator such as |-); begin the text on the next"
                    + " line";
        }
        if (problem.startsWith("expected the node content")) {
            return problem.replaceFirst(".*found ", "") + " (expected: a value before it); write one, or remove it";
        }
        return problem + " (expected: YAML); mend it";
    }

    /** A colon where no key can be. */
    private static String colon(Optional<Mark> mark, String text) {
        String line =
                mark.flatMap(at -> text.lines().skip(at.getLine()).findFirst()).orElse("");
        int column = mark.map(Mark::getColumn).orElse(0);
        String before =
                line.substring(0, line.offsetByCodePoints(0, Math.min(column, line.codePointCount(0, line.length()))));
        if (column > 1024) {
            return "a key of over 1024 characters (expected: fewer); shorten it";
        }
        if (before.contains(": ")) {
            return "a second colon (expected: one key and its value); quote the value, or mend the indentation";
        }
        return "a colon in a text that goes on from the line above (expected: one key and its value); put a space"
                + " behind the colon above, or mend the indentation";
    }

    private static String opened(MarkedYamlEngineException e, Function<Mark, Place> place) {
        return e.getContextMark().map(mark -> " opened at " + place.apply(mark)).orElse("");
    }

    static String line(@Nullable String message) {
        return message == null
                ? "unreadable"
                : message.lines().findFirst().orElse("unreadable").strip();
    }

    /** The value at that place which needs quotes; null where that is not what is wrong. */
    private static @Nullable String token(Optional<Mark> mark, String text) {
        if (mark.isEmpty()) {
            return null;
        }
        String line = text.lines().skip(mark.get().getLine()).findFirst().orElse("");
        int at = line.offsetByCodePoints(0, Math.min(mark.get().getColumn(), line.codePointCount(0, line.length())));
        int start = at;
        while (start > 0 && " ,[{'\"\t".indexOf(line.charAt(start - 1)) < 0) {
            start--;
        }
        if (at < line.length() && "[{".indexOf(line.charAt(at)) >= 0 && start == at) {
            return null;
        }
        int depth = 0;
        int end = start;
        for (; end < line.length(); end++) {
            char c = line.charAt(end);
            if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth < 0) {
                break;
            } else if (c == ' ' || (c == ',' && depth == 0)) {
                break;
            }
        }
        String token = line.substring(start, end);
        boolean needsQuotes = token.startsWith("*")
                || token.startsWith("%")
                || token.startsWith("@")
                || token.contains("::")
                || token.startsWith("${")
                || (token.length() > 1 && token.matches("[^\\[{].*[\\[{].*"));
        return needsQuotes && !token.toLowerCase(Locale.ROOT).contains("\t") ? token : null;
    }
}
