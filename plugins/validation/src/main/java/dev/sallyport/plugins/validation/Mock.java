package dev.sallyport.plugins.validation;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Answers in the place of an upstream, as the document says that it would. */
final class Mock {

    private static final Problem NO_EXAMPLE = new Problem(404, "no-example", "The document has no such example");

    private Mock() {}

    /** The answer: what {@code Prefer} (RFC 7240) asks for, else the first success, by its example or its schema. */
    static Response answer(Request request, Operation operation, Api api) throws DocumentException {
        Map<String, String> preferred = preferred(request.headers().all("prefer"));
        String code = preferred.get("code");
        int status = code != null && code.matches("[2-5]\\d\\d") ? Integer.parseInt(code) : first(operation);
        Operation.Answer answer = operation.answer(status);
        if (answer == null) {
            return code == null ? Response.of(status) : NO_EXAMPLE.toResponse(request);
        }
        Headers headers = headers(answer, api);
        Content content = content(answer.contents(), request.headers());
        if (content == null || request.method().equals("HEAD")) {
            return Response.of(status, headers, Body.empty());
        }
        String example = preferred.get("example");
        JsonNode value = value(content, example, api);
        if (value == null) {
            return NO_EXAMPLE.toResponse(request);
        }
        String type = content.range().type().contains("*")
                ? "application/json"
                : content.range().type();
        MediaType media = MediaType.parse(type);
        boolean json = media != null && media.isJson();
        String text = value.isString() && !json ? value.asString() : value.toString();
        return Response.of(status, headers.with("content-type", type), Body.of(text));
    }

    private static Map<String, String> preferred(List<String> fields) {
        Map<String, String> preferred = new HashMap<>();
        for (String field : fields) {
            for (String preference : field.split("[,;]", 20)) {
                int equals = preference.indexOf('=');
                if (equals > 0) {
                    preferred.putIfAbsent(
                            preference.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                            MediaType.unquoted(preference.substring(equals + 1).strip()));
                }
            }
        }
        return preferred;
    }

    private static int first(Operation operation) {
        return operation.responses().keySet().stream()
                .filter(status -> status.matches("2\\d\\d"))
                .mapToInt(Integer::parseInt)
                .min()
                .orElse(200);
    }

    private static @Nullable Content content(List<Content> contents, Headers headers) {
        for (String field : headers.all("accept")) {
            for (String range : field.split(",", 50)) {
                MediaType accepted = MediaType.parse(range);
                for (Content content : contents) {
                    if (accepted != null && accepted.takes(content.range())) {
                        return content;
                    }
                }
            }
        }
        return contents.isEmpty() ? null : contents.getFirst();
    }

    private static @Nullable JsonNode value(Content content, @Nullable String example, Api api)
            throws DocumentException {
        Node examples = content.node().get("examples");
        if (example != null) {
            JsonNode named = api.files().resolve(examples.get(example)).value().path("value");
            return named.isMissingNode() ? null : named;
        }
        if (content.node().value().has("example")) {
            return content.node().value().get("example");
        }
        for (String name : examples.value().propertyNames()) {
            JsonNode first = api.files().resolve(examples.get(name)).value().path("value");
            if (!first.isMissingNode()) {
                return first;
            }
        }
        return new Sample(api.files(), Schemas.Direction.RESPONSE).of(content.schema());
    }

    private static Headers headers(Operation.Answer answer, Api api) throws DocumentException {
        Headers headers = Headers.empty();
        for (Parameter header : answer.headers()) {
            Node node = api.files().resolve(answer.node().get("headers").get(header.name()));
            JsonNode value = node.value().has("example")
                    ? node.value().path("example")
                    : new Sample(api.files(), Schemas.Direction.RESPONSE).of(header.schema());
            if (value.isValueNode() && !value.isNull()) {
                headers = headers.with(header.name(), value.asString().replaceAll("[\\r\\n\\x00]", " "));
            }
        }
        return headers;
    }
}
