package dev.sallyport.distribution.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The field {@code Cache-Status} (RFC 9211), read as strictly as RFC 8941 has it. */
final class CacheStatus {

    private static final String STRING = "\"(?:[^\"\\\\]|\\\\[\"\\\\])*\"";
    private static final String TOKEN = "[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*";
    private static final Pattern NAME = Pattern.compile(STRING + "|" + TOKEN);
    private static final Pattern PARAMETER =
            Pattern.compile("; *([a-z*][a-z0-9_.*-]*)(?:=(" + STRING + "|" + TOKEN + "|-?[0-9]{1,15}|\\?[01]))?");

    private CacheStatus() {}

    private record Member(String name, Map<String, String> parameters) {}

    /** What is not as expected. */
    static List<String> judge(Map<String, Object> expected, List<String> lines) {
        String field = String.join(", ", lines);
        List<Member> members = parse(field);
        if (members.isEmpty()) {
            return List.of("Cache-Status is '" + field + "'");
        }
        List<String> wrong = new ArrayList<>();
        Map<String, String> last = members.getLast().parameters();
        expected.forEach((key, value) -> {
            boolean holds = switch (key) {
                case "name" -> true;
                case "members" -> value.equals(members.size());
                case "first" -> value.equals(members.getFirst().name());
                case "lacks" ->
                    ((List<?>) value).stream().noneMatch(one -> isTrue(last.get(one)) || isValue(last.get(one)));
                case "has" ->
                    ((List<?>) value).stream().allMatch(one -> isTrue(last.get(one)) || isValue(last.get(one)));
                case "ttl" -> isWithin(last.get(key), (String) value);
                default ->
                    value instanceof Boolean wanted
                            ? isTrue(last.get(key)) == wanted
                            : value.toString().equals(last.get(key));
            };
            if (!holds) {
                wrong.add("Cache-Status is '" + field + "' (expected: " + key + " " + value + ")");
            }
        });
        return wrong;
    }

    private static boolean isTrue(String value) {
        return "?1".equals(value);
    }

    private static boolean isValue(String value) {
        return value != null && !value.startsWith("?");
    }

    private static boolean isWithin(String value, String range) {
        String[] ends = range.split("\\.\\.");
        return value != null
                && value.matches("-?[0-9]{1,15}")
                && Long.parseLong(value) >= Long.parseLong(ends[0])
                && Long.parseLong(value) <= Long.parseLong(ends[1]);
    }

    /** Its members; none where it cannot be read. */
    private static List<Member> parse(String field) {
        List<Member> members = new ArrayList<>();
        int at = 0;
        while (at < field.length()) {
            Matcher name = NAME.matcher(field).region(at, field.length());
            if (!name.lookingAt()) {
                return List.of();
            }
            at = name.end();
            Map<String, String> parameters = new LinkedHashMap<>();
            Matcher parameter = PARAMETER.matcher(field).region(at, field.length());
            while (parameter.lookingAt()) {
                parameters.put(parameter.group(1), parameter.group(2) == null ? "?1" : parameter.group(2));
                at = parameter.end();
                parameter.region(at, field.length());
            }
            members.add(new Member(name.group(), parameters));
            if (at == field.length()) {
                return members;
            }
            Matcher comma = Pattern.compile("[ \t]*,[ \t]*").matcher(field).region(at, field.length());
            if (!comma.lookingAt()) {
                return List.of();
            }
            at = comma.end();
        }
        return List.of();
    }
}
