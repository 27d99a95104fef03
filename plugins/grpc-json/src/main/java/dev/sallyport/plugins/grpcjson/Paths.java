package dev.sallyport.plugins.grpcjson;

import dev.sallyport.json.BadContentException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The paths of all methods, found segment by segment: a literal before {@code *}, that before {@code **}. Filled once, then
 * thread-safe.
 */
final class Paths {

    /** Where a path may be read in many ways, no more of them are tried. */
    private static final int MOST_STEPS = 10_000;

    private final Level root = new Level();

    private static final class Level {
        private final Map<String, Level> literals = new HashMap<>();
        private @Nullable Level one;
        private final Map<String, Map<String, Binding>> ends = new HashMap<>(); // by verb, then by method
        private final Map<String, Map<String, Binding>> rests = new HashMap<>(); // the same, of what ends in **
    }

    /** A path that is known, in one way of reading it. */
    record Found(Map<String, Binding> byMethod, List<String> segments) {

        /** The binding of a method; null where there is none. */
        @Nullable
        Binding of(String method) {
            Binding own = byMethod.get(method);
            if (own == null && method.equals("HEAD")) {
                own = byMethod.get("GET");
            }
            return own != null ? own : byMethod.get("*");
        }

        Set<String> methods() {
            Set<String> methods = new TreeSet<>(byMethod.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            return methods;
        }

        /**
         * The text that a variable gets, decoded.
         *
         * @throws BadContentException where it is not UTF-8
         */
        String value(PathTemplate template, PathTemplate.Variable variable) throws BadContentException {
            try {
                return text(template, variable);
            } catch (CharacterCodingException e) {
                throw Misfits.parameter(variable.field(), "is not in UTF-8");
            }
        }

        private String text(PathTemplate template, PathTemplate.Variable variable) throws CharacterCodingException {
            boolean open =
                    template.isOpen() && variable.to() == template.segments().size();
            int to = open ? segments.size() : variable.to();
            if (variable.single()) {
                return decoded(segments.get(variable.from()), false);
            }
            List<String> parts = new ArrayList<>();
            for (String part : segments.subList(Math.min(variable.from(), to), to)) {
                parts.add(decoded(part, true)); // so that a slash in a segment does not become one between segments
            }
            return String.join("/", parts);
        }
    }

    /** Adds one. Of two that take the same requests the first one stays. */
    void add(Binding binding) {
        Level level = root;
        List<String> segments = binding.template().segments();
        int fixed = binding.template().isOpen() ? segments.size() - 1 : segments.size();
        for (String segment : segments.subList(0, fixed)) {
            if (segment.equals(PathTemplate.ONE)) {
                if (level.one == null) {
                    level.one = new Level();
                }
                level = level.one;
            } else {
                level = level.literals.computeIfAbsent(segment, _ -> new Level());
            }
        }
        (binding.template().isOpen() ? level.rests : level.ends)
                .computeIfAbsent(binding.template().verb(), _ -> new HashMap<>())
                .putIfAbsent(binding.httpMethod(), binding);
    }

    /**
     * Finds a path; null where it is not known. Where it can be read in more ways than one, the first one that has the method
     * counts.
     */
    @Nullable
    Found find(String path, String method) {
        List<String> segments = List.of(path.substring(1).split("/", -1));
        Search search = new Search(method);
        String last = segments.getLast();
        int colon = last.lastIndexOf(':');
        if (colon >= 0) {
            List<String> before = new ArrayList<>(segments);
            before.set(before.size() - 1, last.substring(0, colon));
            Found found = search.in(root, before, 0, last.substring(colon + 1));
            if (found != null) {
                return found;
            }
        }
        Found found = search.in(root, segments, 0, "");
        return found != null ? found : search.otherMethod;
    }

    private static final class Search {

        private final String method;
        private int steps;
        private @Nullable Found otherMethod;

        Search(String method) {
            this.method = method;
        }

        @Nullable
        Found in(Level level, List<String> segments, int index, String verb) {
            if (++steps > MOST_STEPS) {
                return null;
            }
            if (index == segments.size()) {
                Found end = judged(level.ends.get(verb), segments);
                return end != null ? end : judged(level.rests.get(verb), segments);
            }
            String segment = segments.get(index);
            Level next = literal(level, segment);
            Found found = next == null ? null : in(next, segments, index + 1, verb);
            if (found == null && level.one != null && !segment.isEmpty()) {
                found = in(level.one, segments, index + 1, verb);
            }
            return found != null ? found : judged(level.rests.get(verb), segments);
        }

        private static @Nullable Level literal(Level level, String segment) {
            try {
                return level.literals.get(decoded(segment, false));
            } catch (CharacterCodingException e) {
                return null; // no rule is written so
            }
        }

        private @Nullable Found judged(@Nullable Map<String, Binding> byMethod, List<String> segments) {
            if (byMethod == null) {
                return null;
            }
            Found found = new Found(byMethod, segments);
            if (found.of(method) != null) {
                return found;
            }
            if (otherMethod == null) {
                otherMethod = found;
            }
            return null;
        }
    }

    /** Without percent-encoding, of which each is followed by two digits; a slash may stay in it. */
    private static String decoded(String segment, boolean keepsSlash) throws CharacterCodingException {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        byte[] bytes = new byte[segment.length()];
        int size = 0;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            boolean slash = keepsSlash && segment.regionMatches(true, i, "%2f", 0, 3);
            if (c == '%' && !slash && i + 2 < segment.length()) {
                bytes[size++] = (byte) Integer.parseInt(segment, i + 1, i + 3, 16);
                i += 2;
            } else {
                bytes[size++] = (byte) c;
            }
        }
        return StrictText.utf8(bytes, size);
    }
}
