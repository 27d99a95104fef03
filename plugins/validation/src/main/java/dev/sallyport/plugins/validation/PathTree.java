package dev.sallyport.plugins.validation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Path templates, found segment by segment: a concrete segment before a templated one, and of those the one with more
 * characters of its own (3.1.1 §4.8.8.2). Filled once, then thread-safe.
 */
final class PathTree {

    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}/]+)\\}");

    private final Level root = new Level();

    /**
     * A path that is known.
     *
     * @param values of the parameters, in the order in which they stand, as they were sent
     */
    record Found(Map<String, Named> named, List<String> values) {

        /** The operation of a method; null where there is none. */
        @Nullable
        Operation operation(String method) {
            Named found = named.get(method);
            return found == null ? null : found.operation();
        }

        /** The values of its parameters by the names that it has for them. */
        Map<String, String> parameters(Operation operation) {
            Map<String, String> parameters = new HashMap<>();
            Named found = named.get(operation.method());
            for (int i = 0; found != null && i < values.size(); i++) {
                parameters.put(found.names().get(i), values.get(i));
            }
            return parameters;
        }

        /** The methods, sorted. */
        String methods() {
            return String.join(", ", new TreeSet<>(named.keySet()));
        }
    }

    /**
     * An operation and the names of the parameters in its path: two paths that differ in names alone are one, of which each
     * may have methods.
     */
    record Named(Operation operation, List<String> names) {}

    private static final class Level {

        final Map<String, Level> literal = new HashMap<>();
        final List<Templated> templated = new ArrayList<>();

        final Map<String, Named> end = new LinkedHashMap<>();
    }

    private record Templated(String text, Pattern pattern, int own, Level below) {}

    /** Adds an operation; where its path and method are known already, the first one counts. */
    void add(String template, Operation operation) {
        Level level = root;
        List<String> names = new ArrayList<>();
        for (String segment : template.split("/", -1)) {
            if (segment.indexOf('{') < 0) {
                level = level.literal.computeIfAbsent(Texts.decoded(segment, false), name -> new Level());
            } else {
                level = templated(level, segment, names);
            }
        }
        level.end.putIfAbsent(operation.method(), new Named(operation, names));
    }

    private static Level templated(Level level, String segment, List<String> names) {
        Matcher parameters = PARAMETER.matcher(segment);
        StringBuilder pattern = new StringBuilder();
        int from = 0;
        int own = 0;
        while (parameters.find()) {
            own += parameters.start() - from;
            pattern.append(Pattern.quote(segment.substring(from, parameters.start())));
            from = parameters.end();
            pattern.append("(.+)");
            names.add(parameters.group(1));
        }
        own += segment.length() - from;
        pattern.append(Pattern.quote(segment.substring(from)));
        String text = pattern.toString();
        for (Templated known : level.templated) {
            if (known.text().equals(text)) {
                return known.below();
            }
        }
        Templated added = new Templated(text, Pattern.compile(text), own, new Level());
        level.templated.add(added);
        level.templated.sort(Comparator.comparingInt(each -> -each.own()));
        return added.below();
    }

    /** All that were added. */
    List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        collect(root, all);
        return all;
    }

    private static void collect(Level level, List<Operation> all) {
        level.end.values().forEach(named -> all.add(named.operation()));
        level.literal.values().forEach(below -> collect(below, all));
        level.templated.forEach(templated -> collect(templated.below(), all));
    }

    /** What is at a path; null where nothing is. */
    @Nullable
    Found find(String path) {
        List<String> values = new ArrayList<>();
        Level level = find(root, path.split("/", -1), 0, values);
        return level == null ? null : new Found(level.end, values);
    }

    private static @Nullable Level find(Level level, String[] segments, int at, List<String> values) {
        if (at == segments.length) {
            return level.end.isEmpty() ? null : level;
        }
        Level literal = level.literal.get(Texts.decoded(segments[at], false));
        Level end = literal == null ? null : find(literal, segments, at + 1, values);
        for (int i = 0; end == null && i < level.templated.size(); i++) {
            Templated templated = level.templated.get(i);
            Matcher matcher = templated.pattern().matcher(segments[at]);
            if (matcher.matches()) {
                int before = values.size();
                for (int group = 1; group <= matcher.groupCount(); group++) {
                    values.add(matcher.group(group));
                }
                end = find(templated.below(), segments, at + 1, values);
                if (end == null) {
                    values.subList(before, values.size()).clear();
                }
            }
        }
        return end;
    }
}
