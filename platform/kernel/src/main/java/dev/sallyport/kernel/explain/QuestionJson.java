package dev.sallyport.kernel.explain;

import dev.sallyport.api.Body;
import dev.sallyport.kernel.http.Asked;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A question as the admin API takes it:
 *
 * <pre>{@code
 * {"method": "GET", "url": "/orders/7", "headers": {"x-version": "2", "accept": ["a", "b"]}, "from": "203.0.113.9"}
 * }</pre>
 */
public final class QuestionJson {

    private static final Set<String> KEYS =
            Set.of("method", "url", "headers", "body", "bodyBase64", "listener", "from");

    private QuestionJson() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static Question read(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("the body is no object (expected: method and url)");
        }
        json.propertyNames().forEach(key -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(key + " (expected: one of "
                        + String.join(", ", KEYS.stream().sorted().toList()) + ")");
            }
        });
        String method = text(json, "method");
        String url = text(json, "url");
        if (url == null) {
            throw new IllegalArgumentException("no url (expected: a path, or a whole URL)");
        }
        String from = text(json, "from");
        return new Question(
                method == null ? "GET" : method,
                url,
                fields(json.path("headers")),
                body(json),
                text(json, "listener"),
                from == null ? InetAddress.getLoopbackAddress() : address(from));
    }

    /** Writes one. */
    public static ObjectNode write(Question question) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("method", question.method())
                .put("url", question.url())
                .put("from", question.from().getHostAddress());
        ObjectNode headers = json.putObject("headers");
        question.fields()
                .forEach(field -> headers.withArrayProperty(field.name()).add(field.value()));
        if (!question.body().isEmpty()) {
            json.put("bodyBase64", Base64.getEncoder().encodeToString(bytes(question.body())));
        }
        if (question.listener() != null) {
            json.put("listener", question.listener());
        }
        return json;
    }

    private static byte[] bytes(Body body) {
        try (InputStream in = body.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An address, never asked of a name server.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("from: " + text + " (expected: an address such as 203.0.113.9)", e);
        }
    }

    private static @Nullable String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: a text)");
        }
        return value.asString();
    }

    private static List<Asked.Field> fields(JsonNode headers) {
        List<Asked.Field> fields = new ArrayList<>();
        if (!headers.isMissingNode() && !headers.isObject()) {
            throw new IllegalArgumentException("headers: " + headers + " (expected: an object of names and values)");
        }
        headers.properties().forEach(each -> {
            JsonNode value = each.getValue();
            if (value.isArray()) {
                value.forEach(one -> fields.add(field(each.getKey(), one)));
            } else {
                fields.add(field(each.getKey(), value));
            }
        });
        return fields;
    }

    private static Asked.Field field(String name, JsonNode value) {
        if (!value.isString()) {
            throw new IllegalArgumentException(
                    "headers." + name + ": " + value + " (expected: a text, or a list of them)");
        }
        return new Asked.Field(name, value.asString());
    }

    private static Body body(JsonNode json) {
        String text = text(json, "body");
        String encoded = text(json, "bodyBase64");
        if (encoded == null) {
            return text == null ? Body.empty() : Body.of(text);
        }
        try {
            return Body.of(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("bodyBase64 (expected: Base64)", e);
        }
    }
}
