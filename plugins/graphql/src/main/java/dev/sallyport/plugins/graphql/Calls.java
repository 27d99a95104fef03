package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Body;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.plugins.graphql.RefusedException.Why;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The operations of one request: GET with parameters, or POST with JSON.
 *
 * @param request with a body that can be read again
 * @param all at least one
 * @param batch whether they came as an array
 */
record Calls(Request request, List<Call> all, boolean batch) {

    static final List<String> PARAMETERS = List.of("query", "operationName", "variables", "extensions", "documentId");

    /** A longer target is refused by many servers. */
    private static final int LONGEST_TARGET = 7_500;

    boolean isGet() {
        return request.method().equals("GET");
    }

    static Calls read(Request request, GraphqlConfig config) throws RefusedException, IOException {
        return switch (request.method()) {
            case "GET", "HEAD" -> new Calls(request, List.of(fromQuery(request.target())), false);
            case "POST" -> fromBody(request, config);
            default -> throw new RefusedException(Why.METHOD, "GraphQL is asked by GET or POST");
        };
    }

    private static Call fromQuery(RequestTarget target) throws RefusedException {
        ObjectNode json = Call.JSON.createObjectNode();
        for (String name : PARAMETERS) {
            List<String> values = target.parameters(name);
            if (values.size() > 1) {
                throw new RefusedException(Why.MALFORMED, name + " stands twice in the URL");
            }
            if (values.isEmpty() || values.getFirst().isEmpty()) {
                continue;
            }
            String value = values.getFirst();
            if (name.equals("variables") || name.equals("extensions")) {
                json.set(name, Call.read(name, value.getBytes(StandardCharsets.UTF_8)));
            } else {
                json.put(name, value);
            }
        }
        return Call.of(json);
    }

    private static Calls fromBody(Request request, GraphqlConfig config) throws RefusedException, IOException {
        String type = mediaType(request);
        if (!type.equals("application/json") || request.headers().has("content-encoding")) {
            throw new RefusedException(Why.MEDIA_TYPE, "send application/json in UTF-8, not compressed");
        }
        for (String name : PARAMETERS) {
            if (!request.target().parameters(name).isEmpty()) { // servers differ in which of them counts
                throw new RefusedException(Why.MALFORMED, name + " stands in the URL of a POST");
            }
        }
        Body body = request.body().buffered(config.maxBody().bytes());
        byte[] bytes;
        try (InputStream in = body.open()) {
            bytes = in.readAllBytes();
        }
        JsonNode root = Call.read("the body", bytes);
        List<Call> calls = new ArrayList<>();
        if (root instanceof ArrayNode array) {
            if (array.size() > config.maxBatch() || config.maxBatch() == 1 || array.isEmpty()) {
                throw new RefusedException(
                        Why.MALFORMED,
                        config.maxBatch() == 1
                                ? "operations come one in a request"
                                : "an array of 1 to " + config.maxBatch() + " operations is expected");
            }
            for (JsonNode each : array) {
                calls.add(Call.of(each));
            }
        } else {
            calls.add(Call.of(root));
        }
        return new Calls(request.withBody(body), List.copyOf(calls), root.isArray());
    }

    private static String mediaType(Request request) {
        List<String> types = request.headers().all("content-type");
        if (types.size() != 1) {
            return "";
        }
        String[] parts = types.getFirst().toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip().replace("\"", "");
            if (part.startsWith("charset=") && !part.equals("charset=utf-8")) {
                return "";
            }
        }
        return parts[0].strip();
    }

    /** The request that asks for these in the place of those that came. */
    Request asking(List<Call> resolved) {
        if (resolved.equals(all)) {
            return request;
        }
        if (isGet() || request.method().equals("HEAD")) {
            RequestTarget target = request.target().withQuery(query(request.target(), resolved.getFirst()));
            if (target.toString().length() <= LONGEST_TARGET) {
                return request.withTarget(target);
            }
            return post(request.withTarget(request.target().withQuery(others(request.target()))), resolved);
        }
        return post(request, resolved);
    }

    private Request post(Request base, List<Call> resolved) {
        JsonNode root;
        if (batch) {
            ArrayNode array = Call.JSON.createArrayNode();
            resolved.forEach(call -> array.add(call.json()));
            root = array;
        } else {
            root = resolved.getFirst().json();
        }
        return base.withMethod("POST")
                .withHeader("content-type", "application/json")
                .withBody(Body.of(root.toString()));
    }

    private static String query(RequestTarget target, Call call) {
        StringBuilder query = new StringBuilder();
        String others = others(target);
        if (others != null) {
            query.append(others);
        }
        for (String name : PARAMETERS) {
            JsonNode value = call.json().path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                query.append(query.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(
                                value.isString() ? value.asString() : value.toString(), StandardCharsets.UTF_8));
            }
        }
        return query.toString();
    }

    private static @Nullable String others(RequestTarget target) {
        String written = target.query();
        if (written == null) {
            return null;
        }
        StringBuilder others = new StringBuilder();
        for (String part : written.split("&", -1)) {
            if (!part.isEmpty()
                    && PARAMETERS.stream().noneMatch(name -> part.startsWith(name + "=") || part.equals(name))) {
                others.append(others.isEmpty() ? "" : "&").append(part);
            }
        }
        return others.isEmpty() ? null : others.toString();
    }
}
