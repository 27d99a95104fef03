package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a document says of one method on one path. Immutable.
 *
 * @param bodyRequired whether a request must have a body
 * @param bodies that requests may have; null where the document says nothing of a body
 * @param responses by status as it is written: {@code 200}, {@code 2XX}, {@code default}
 * @param keys names of query parameters that carry credentials, which are no unknown ones
 */
record Operation(
        String method,
        List<Parameter> parameters,
        boolean bodyRequired,
        @Nullable List<Content> bodies,
        Map<String, Answer> responses,
        Set<String> keys) {

    /** A response. */
    record Answer(Node node, List<Parameter> headers, List<Content> contents) {}

    /** Reads one. */
    static Operation of(ApiFiles files, Node item, String method) throws DocumentException {
        Node node = item.get(method);
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (Node from : List.of(item, node)) {
            Node list = from.get("parameters");
            for (int i = 0; list.value().isArray() && i < list.value().size(); i++) {
                Parameter parameter = Parameter.of(files, list.get(i));
                if (parameter != null) {
                    parameters.put(parameter.in() + " " + parameter.name(), parameter);
                }
            }
        }
        Node body = files.resolve(node.get("requestBody"));
        Map<String, Answer> responses = new LinkedHashMap<>();
        for (String status : node.get("responses").value().propertyNames()) {
            if (!status.startsWith("x-")) {
                responses.put(
                        status,
                        answer(files, files.resolve(node.get("responses").get(status))));
            }
        }
        return new Operation(
                method.toUpperCase(java.util.Locale.ROOT),
                List.copyOf(parameters.values()),
                body.flag("required", false),
                body.exists() ? Content.of(files, body.get("content")) : null,
                responses,
                keys(files));
    }

    private static Answer answer(ApiFiles files, Node node) throws DocumentException {
        List<Parameter> headers = new ArrayList<>();
        for (String name : node.get("headers").value().propertyNames()) {
            if (!name.equalsIgnoreCase("content-type")) {
                headers.add(Parameter.ofHeader(files, node.get("headers").get(name), name));
            }
        }
        return new Answer(node, headers, Content.of(files, node.get("content")));
    }

    private static Set<String> keys(ApiFiles files) throws DocumentException {
        Set<String> keys = new LinkedHashSet<>();
        Node schemes = files.root().get("components").get("securitySchemes");
        for (String name : schemes.value().propertyNames()) {
            JsonNode scheme = files.resolve(schemes.get(name)).value();
            if (scheme.path("type").asString("").equals("apiKey")
                    && scheme.path("in").asString("").equals("query")) {
                keys.add(scheme.path("name").asString(""));
            }
        }
        return keys;
    }

    /** Whether a query parameter of that name is known. */
    boolean knows(String name) {
        return keys.contains(name)
                || parameters.stream().anyMatch(each -> each.in().equals("query") && each.takes(name));
    }

    /** What is said of a status; null where nothing is. */
    @Nullable
    Answer answer(int status) {
        Answer exact = responses.get(Integer.toString(status));
        if (exact != null) {
            return exact;
        }
        Answer range = responses.get(status / 100 + "XX");
        Answer lower = range == null ? responses.get(status / 100 + "xx") : range;
        return lower == null ? responses.get("default") : lower;
    }
}
