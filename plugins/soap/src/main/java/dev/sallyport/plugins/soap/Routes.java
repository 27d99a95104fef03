package dev.sallyport.plugins.soap;

import dev.sallyport.api.Request;
import dev.sallyport.plugins.soap.Contract.Operation;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Mapping;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which operation a method and a path stand for. Immutable and thread-safe. */
final class Routes {

    private final List<Route> routes;
    private final Map<String, Route> exact = new HashMap<>();

    /**
     * An operation that is published.
     *
     * @param path below the base path
     */
    record Route(Operation operation, Mapping mapping, String path, List<String> segments) {

        static Route of(Operation operation, Mapping mapping) {
            String path = mapping.path() == null ? "/" + operation.name() : mapping.path();
            return new Route(operation, mapping, path, split(path));
        }

        boolean hasBody() {
            return !mapping.method().equals("GET") && !mapping.method().equals("DELETE");
        }

        boolean isExact() {
            return path.indexOf('{') < 0;
        }
    }

    /** What was found, and what its path holds. */
    record Found(Route route, Map<String, String> parameters) {}

    Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
        for (Route route : routes) {
            if (route.isExact()) {
                exact.putIfAbsent(route.mapping().method() + " " + route.path(), route);
            }
        }
    }

    List<Route> all() {
        return routes;
    }

    /** The operation of a request; null for none. */
    @Nullable
    Found find(Request request, String path) {
        Route known = exact.get(request.method() + " " + path);
        if (known != null) {
            return new Found(known, Map.of());
        }
        List<String> segments = split(path);
        for (Route route : routes) {
            Map<String, String> parameters =
                    route.mapping().method().equals(request.method()) ? match(route.segments(), segments) : null;
            if (parameters != null) {
                return new Found(route, parameters);
            }
        }
        return null;
    }

    /** The methods that a path has; empty for none. */
    String methods(String path) {
        TreeSet<String> methods = new TreeSet<>();
        List<String> segments = split(path);
        for (Route route : routes) {
            if (match(route.segments(), segments) != null) {
                methods.add(route.mapping().method());
            }
        }
        return String.join(", ", methods);
    }

    private static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static @Nullable Map<String, String> match(List<String> template, List<String> segments) {
        if (template.size() != segments.size()) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            String there = segments.get(i);
            if (isParameter(expected)) {
                parameters.put(
                        expected.substring(1, expected.length() - 1),
                        URLDecoder.decode(there.replace("+", "%2B"), StandardCharsets.UTF_8));
            } else if (!expected.equals(there)) {
                return null;
            }
        }
        return parameters;
    }

    static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    /** The names of the parameters in a path. */
    static List<String> parameters(String path) {
        List<String> names = new ArrayList<>();
        for (String segment : split(path)) {
            if (isParameter(segment)) {
                names.add(segment.substring(1, segment.length() - 1));
            }
        }
        return names;
    }
}
