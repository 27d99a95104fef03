package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.routing.PathPattern;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the configuration that serves what an OpenAPI document describes: a route for each path, an upstream for each
 * server, and a chain with the step {@code openapi} that all routes share. The same document gives the same text.
 */
final class ApiConversion {

    private static final List<String> METHODS =
            List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}/]*)\\}");
    private static final Pattern WHOLE_SEGMENT = Pattern.compile("/\\{[A-Za-z0-9_-]{1,60}\\}(?=/|$)");
    private static final Pattern ORIGIN = Pattern.compile("(https?://[^/?#\\s{}]+)([^?#\\s]*).*");
    private static final int LONGEST_API = 30;
    private static final int LONGEST_PATH = 60;
    private static final String PLACEHOLDER = "http://127.0.0.1:9001";

    /**
     * What was written.
     *
     * @param notes what a configuration cannot say, or what is to be looked at
     */
    record Result(String yaml, List<String> notes) {}

    /** One server: where requests go, and what stands before each path. */
    private record Server(String origin, String base) {}

    private record Route(String name, String path, String pattern, Set<String> methods, Server server) {}

    private final ApiDescription description;
    private final JsonNode root;
    private final Path file;
    private final boolean mock;
    private final Set<String> names = new HashSet<>();
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Map<String, String> upstreams = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    private ApiConversion(ApiDescription description, Path file, boolean mock) throws CommandException {
        this.description = description;
        this.root = description.root();
        this.file = file;
        this.mock = mock;
    }

    static Result of(ApiDescription description, Path file, boolean mock) throws CommandException {
        return new ApiConversion(description, file, mock).run();
    }

    private Result run() throws CommandException {
        String api = slug(root.path("info").path("title").asString(""), LONGEST_API);
        String chain = api.isEmpty() ? "api" : api;
        for (String path : root.path("paths").propertyNames()) {
            if (path.startsWith("/")) {
                route(chain, path);
            }
        }
        tellWhatIsLeftOut();
        return new Result(yaml(chain), List.copyOf(notes));
    }

    private void route(String api, String path) throws CommandException {
        JsonNode item = description.resolve(root.path("paths").path(path)).value();
        Set<String> methods = new LinkedHashSet<>();
        for (String method : METHODS) {
            JsonNode operation = item.path(method);
            if (operation.isObject()) {
                methods.add(method.toUpperCase(Locale.ROOT));
                if (operation.has("servers")) {
                    notes.add(method.toUpperCase(Locale.ROOT) + " " + path
                            + ": servers of one operation are not converted; those of its path count");
                }
            }
        }
        if (methods.isEmpty()) {
            return;
        }
        Server server = server(item.has("servers") ? item.path("servers") : root.path("servers"));
        String pattern = pattern(server.base() + path);
        Route known = routes.get(PARAMETER.matcher(pattern).replaceAll("{}"));
        if (known != null) {
            notes.add(path + ": the same paths as " + known.path() + "; its methods are added to that route");
            known.methods().addAll(methods);
            return;
        }
        String slug = slug(path, LONGEST_PATH);
        routes.put(
                PARAMETER.matcher(pattern).replaceAll("{}"),
                new Route(unique(api + "-" + (slug.isEmpty() ? "root" : slug)), path, pattern, methods, server));
    }

    /** As a path pattern: parameters that are no whole segment need a regular expression. */
    private String pattern(String path) {
        if (WHOLE_SEGMENT.matcher(path).replaceAll("").indexOf('{') < 0) {
            try {
                return PathPattern.parse(path).text();
            } catch (IllegalArgumentException notPlain) {
                // as a regular expression
            }
        }
        StringBuilder regex = new StringBuilder("re:");
        Matcher parameters = PARAMETER.matcher(path);
        int from = 0;
        while (parameters.find()) {
            regex.append(literal(path.substring(from, parameters.start()))).append("[^/]+");
            from = parameters.end();
        }
        return regex.append(literal(path.substring(from))).toString();
    }

    private static String literal(String text) {
        return text.replaceAll("[^A-Za-z0-9/_~-]", "\\\\$0");
    }

    private Server server(JsonNode servers) {
        if (!servers.isArray() || servers.isEmpty()) {
            return relative("");
        }
        for (int i = 1; i < servers.size(); i++) {
            notes.add("server " + servers.path(i).path("url").asString("")
                    + " is not converted: the first of several counts");
        }
        JsonNode server = servers.path(0);
        String url = server.path("url").asString("");
        for (Map.Entry<String, JsonNode> variable : server.path("variables").properties()) {
            url = url.replace(
                    "{" + variable.getKey() + "}",
                    variable.getValue().path("default").asString(""));
        }
        Matcher parts = ORIGIN.matcher(url);
        return parts.matches() ? new Server(parts.group(1), base(parts.group(2))) : relative(url);
    }

    private Server relative(String url) {
        if (!mock) {
            notes.add("the document does not say where its API is (server '" + url + "'): put the address of your"
                    + " upstream in the place of " + PLACEHOLDER);
        }
        return new Server(PLACEHOLDER, url.startsWith("/") ? base(url) : "");
    }

    private static String base(String path) {
        return path.replaceAll("/+$", "");
    }

    private void tellWhatIsLeftOut() throws CommandException {
        Set<String> schemes = new LinkedHashSet<>();
        requirements(root.path("security"), schemes);
        for (String path : root.path("paths").propertyNames()) {
            JsonNode item = description.resolve(root.path("paths").path(path)).value();
            for (String method : METHODS) {
                requirements(item.path(method).path("security"), schemes);
                if (item.path(method).has("callbacks")) {
                    notes.add(method.toUpperCase(Locale.ROOT) + " " + path + ": callbacks are not converted");
                }
            }
        }
        for (String scheme : schemes) {
            JsonNode how = root.path("components").path("securitySchemes").path(scheme);
            notes.add("security " + scheme + " (" + how.path("type").asString("unknown") + ") is not enforced: put "
                    + step(how) + " before openapi");
        }
        if (root.has("webhooks")) {
            notes.add("webhooks are not converted: they are requests to somebody else");
        }
    }

    private static void requirements(JsonNode security, Set<String> schemes) {
        security.forEach(requirement -> schemes.addAll(requirement.propertyNames()));
    }

    private static String step(JsonNode scheme) {
        return switch (scheme.path("type").asString("")) {
            case "apiKey" -> "key-auth";
            case "openIdConnect", "oauth2" -> "jwt-auth or oidc-login";
            case "mutualTLS" -> "mtls-auth";
            default -> scheme.path("scheme").asString("").equalsIgnoreCase("basic") ? "basic-auth" : "jwt-auth";
        };
    }

    private String yaml(String chain) {
        StringBuilder out = new StringBuilder();
        line(
                out,
                "# Made of " + plain(file.toString()) + " ("
                        + plain(root.path("info").path("title").asString("no title")) + " "
                        + plain(root.path("info").path("version").asString("")) + ") by sallyport convert openapi.");
        line(out, "version: 1");
        line(out, "listeners:");
        line(out, "  - {name: web, address: \"127.0.0.1:8080\"}");
        StringBuilder written = new StringBuilder();
        for (Route route : routes.values()) {
            line(written, "  # " + String.join(", ", route.methods()) + " " + plain(route.path()));
            line(written, "  - name: " + route.name());
            line(
                    written,
                    "    match: {paths: [" + quoted(route.pattern()) + "], methods: ["
                            + String.join(", ", route.methods()) + "]}");
            line(written, "    plugins: [{use: " + chain + "}]");
            if (!mock) {
                line(written, "    upstream: " + upstream(chain, route.server().origin()));
            }
        }
        if (!upstreams.isEmpty()) {
            line(out, "upstreams:");
            upstreams.forEach((origin, name) -> {
                line(out, "  " + name + ":");
                line(out, "    targets: [" + quoted(origin) + "]");
            });
        }
        line(out, "chains:");
        line(out, "  " + chain + ":");
        line(out, "    # One instance for all routes. Its settings: unknownParameters, responses, maxBody and others.");
        line(out, "    - openapi: {document: " + quoted(file.toString()) + (mock ? ", mocks: true" : "") + "}");
        line(out, "      share: " + chain);
        line(out, routes.isEmpty() ? "routes: []" : "routes:");
        return out.append(written).toString();
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append('\n');
    }

    private String upstream(String api, String origin) {
        return upstreams.computeIfAbsent(origin, key -> upstreams.isEmpty() ? api : api + "-" + (upstreams.size() + 1));
    }

    private String unique(String name) {
        String unique = name;
        for (int i = 2; !names.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }

    private static String slug(String text, int longest) {
        String slug =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String shortened = slug.length() <= longest ? slug : slug.substring(0, longest);
        return shortened.replaceAll("-$", "");
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    /** In a comment: one line. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }
}
