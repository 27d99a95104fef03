package dev.sallyport.plugins.validation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** A path that is known. */
    record Found(Map<String, Operation> operations, Map<String, String> parameters) {}

    private static final class Level {

        final Map<String, Level> literal = new HashMap<>();
        final List<Templated> templated = new ArrayList<>();

        @Nullable
        End end;
    }

    private record Templated(String text, Pattern pattern, int own, Level below) {}

    /** The names of parameters in the order in which they stand, and what is there. */
    private record End(List<String> names, Map<String, Operation> operations) {}

    /** Adds an operation; where its path is known already, by whatever names of parameters, the first one counts. */
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
        if (level.end == null) {
            level.end = new End(names, new LinkedHashMap<>());
        }
        level.end.operations().putIfAbsent(operation.method(), operation);
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
        if (level.end != null) {
            all.addAll(level.end.operations().values());
        }
        level.literal.values().forEach(below -> collect(below, all));
        level.templated.forEach(templated -> collect(templated.below(), all));
    }

    /** What is at a path; null where nothing is. Values of parameters are as they were sent. */
    @Nullable
    Found find(String path) {
        List<String> values = new ArrayList<>();
        End end = find(root, path.split("/", -1), 0, values);
        if (end == null) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < values.size() && i < end.names().size(); i++) {
            parameters.put(end.names().get(i), values.get(i));
        }
        return new Found(end.operations(), parameters);
    }

    private static @Nullable End find(Level level, String[] segments, int at, List<String> values) {
        if (at == segments.length) {
            return level.end;
        }
        Level literal = level.literal.get(Texts.decoded(segments[at], false));
        End end = literal == null ? null : find(literal, segments, at + 1, values);
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
