package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Json;
import dev.sallyport.api.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks Open Policy Agent for the value of a rule, {@code POST /v1/data/PATH} with the request as {@code input}. It is
 * {@code true} or {@code false}, or an object with {@code allow} and, by choice, {@code headers}, {@code status} and
 * {@code body}. A rule without a value lets nobody pass.
 */
final class OpaDecider implements Decider {

    private final ExtAuthConfig config;
    private final SideCall call;
    private final URI url;
    private final @Nullable String authorization;
    private final OpaInput input;

    OpaDecider(Service.Opa service, ExtAuthConfig config, SideCall call) {
        this.config = config;
        this.call = call;
        url = service.url().resolve("/v1/data/" + service.path());
        authorization =
                service.token() == null ? null : "Bearer " + service.token().value();
        input = new OpaInput(new Named(config.send()), config.body().bytes() > 0);
    }

    @Override
    public Decision decide(Request request, byte[] body) throws IOException, InterruptedException {
        String question = Json.write(Map.of("input", input.of(request, body)));
        HttpRequest.Builder asked = HttpRequest.newBuilder(url)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(question));
        if (authorization != null) {
            asked.header("authorization", authorization);
        }
        HttpResponse<byte[]> answer = call.send(asked);
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode() + " (expected: 200)");
        }
        try {
            JsonNode told = JsonMapper.shared().readTree(answer.body());
            if (!told.isObject()) {
                throw new IOException("no object of JSON");
            }
            return decision(told.path("result"));
        } catch (JacksonException e) {
            throw new IOException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Decision decision(JsonNode result) throws IOException {
        if (result.isMissingNode()) {
            return refused(403, Headers.empty(), Body.empty());
        }
        if (result.isBoolean()) {
            return result.booleanValue() ? allowed(Map.of()) : refused(403, Headers.empty(), Body.empty());
        }
        JsonNode allow = result.path("allow");
        if (!result.isObject() || !(allow.isBoolean() || allow.isMissingNode())) {
            throw new IOException("a result of another form (expected: true, false, or an object with allow)");
        }
        Map<String, List<String>> headers = headers(result.path("headers"));
        if (allow.isBoolean() && allow.booleanValue()) {
            return allowed(headers);
        }
        JsonNode body = result.path("body");
        if (!body.isMissingNode()) {
            headers.putIfAbsent(
                    "content-type", List.of(body.isString() ? "text/plain; charset=utf-8" : "application/json"));
        }
        return refused(status(result.path("status")), Named.of(config.answer(), headers), text(body));
    }

    private Decision allowed(Map<String, List<String>> headers) throws IOException {
        return new Decision.Allowed(
                Named.of(config.toUpstream(), headers), Named.of(config.toClient(), headers), isKeepable(headers));
    }

    private static Decision refused(int status, Headers headers, Body body) {
        boolean redirects = status < 400;
        return new Decision.Refused(status, headers, body, !redirects && !headers.has("set-cookie"));
    }

    private static boolean isKeepable(Map<String, List<String>> headers) {
        return headers.keySet().stream().noneMatch("set-cookie"::equalsIgnoreCase);
    }

    private static int status(JsonNode status) throws IOException {
        if (status.isMissingNode()) {
            return 403;
        }
        int value = status.isInt() ? status.intValue() : 0;
        if (value < 300 || value > 599 || value == 304) {
            throw new IOException("status " + status + " in the result (expected: 300 to 599)");
        }
        return value;
    }

    private static Map<String, List<String>> headers(JsonNode told) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        told.properties().forEach(field -> {
            List<String> values = new ArrayList<>();
            if (field.getValue().isArray()) {
                field.getValue().forEach(value -> values.add(value.asString("")));
            } else {
                values.add(field.getValue().asString(""));
            }
            headers.put(field.getKey().toLowerCase(Locale.ROOT), values);
        });
        return headers;
    }

    private static Body text(JsonNode body) {
        if (body.isMissingNode()) {
            return Body.empty();
        }
        return Body.of(body.isString() ? body.stringValue() : body.toString());
    }
}
