package dev.sallyport.plugins.soap;

import dev.sallyport.api.Json;
import dev.sallyport.plugins.soap.Contract.Message;
import dev.sallyport.plugins.soap.Routes.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The OpenAPI 3.1 document of the operations of a WSDL as they are published. For one thread. */
final class OpenApi {

    private final Contract contract;
    private final String basePath;
    private final SchemaWriter schemas;

    OpenApi(Contract contract, String basePath) {
        this.contract = contract;
        this.basePath = basePath;
        schemas = new SchemaWriter(contract.model());
    }

    /** The document, in JSON. */
    String document(List<Route> routes) {
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            paths.computeIfAbsent(basePath + route.path(), _ -> new LinkedHashMap<>())
                    .put(route.mapping().method().toLowerCase(Locale.ROOT), operation(route));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", contract.service().getLocalPart(), "version", "1"));
        document.put("paths", paths);
        schemas.components().put("Problem", problem());
        document.put("components", Map.of("schemas", schemas.components()));
        return Json.write(document);
    }

    private static Map<String, Object> problem() {
        Map<String, Object> text = Map.of("type", "string");
        return Map.of(
                "type",
                "object",
                "properties",
                Map.of(
                        "type", text,
                        "title", text,
                        "status", Map.of("type", "integer"),
                        "detail", text,
                        "fault", Map.of("type", "object")));
    }

    private Map<String, Object> operation(Route route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", route.operation().name());
        if (!route.operation().documentation().isEmpty()) {
            operation.put("description", route.operation().documentation());
        }
        Element input = route.operation().input().body();
        List<String> inPath = Routes.parameters(route.path());
        List<Map<String, Object>> parameters = new ArrayList<>();
        inPath.forEach(name -> parameters.add(parameter(name, "path", schema(input, name))));
        String body = route.mapping().body();
        if (input != null && (!route.hasBody() || !body.equals("*"))) {
            for (Map.Entry<String, Object> member : schemas.properties(input).entrySet()) {
                if (!inPath.contains(member.getKey()) && !member.getKey().equals(body)) {
                    parameters.add(parameter(member.getKey(), "query", member.getValue()));
                }
            }
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (input != null && route.hasBody()) {
            operation.put(
                    "requestBody",
                    content(body.equals("*") ? message(route.operation().input(), inPath) : schema(input, body)));
        }
        operation.put("responses", responses(route));
        return operation;
    }

    private static Map<String, Object> parameter(String name, String in, Object schema) {
        return Map.of("name", name, "in", in, "required", in.equals("path"), "schema", schema);
    }

    private Map<String, Object> responses(Route route) {
        Map<String, Object> responses = new LinkedHashMap<>();
        Message output = route.operation().output();
        Element element = output == null ? null : output.body();
        if (output == null) {
            responses.put("202", Map.of("description", "accepted"));
        } else if (element == null) {
            responses.put("204", Map.of("description", "done"));
        } else {
            String body = route.mapping().responseBody();
            Map<String, Object> response = new LinkedHashMap<>();
            response.put("description", "the answer");
            response.putAll(content(body.equals("*") ? message(output, List.of()) : schema(element, body)));
            responses.put(Integer.toString(route.mapping().status()), response);
        }
        responses.put(
                "default",
                Map.of(
                        "description",
                        "a problem, or a fault of the service",
                        "content",
                        Map.of(
                                "application/problem+json",
                                Map.of("schema", Map.of("$ref", "#/components/schemas/Problem")))));
        return responses;
    }

    private static Map<String, Object> content(Object schema) {
        return Map.of("content", Map.of("application/json", Map.of("schema", schema)));
    }

    /** The schema of a message whose path has some of its members. */
    private Object message(Message message, List<String> without) {
        Element element = message.body();
        if (element == null) {
            return Map.of("type", "object");
        }
        Map<String, Object> headers = new LinkedHashMap<>();
        message.headers().forEach(each -> headers.put(each.key(), schemas.schema(each)));
        boolean plain = headers.isEmpty() && without.isEmpty();
        if (plain || !(element.type() instanceof Complex)) {
            return schemas.schema(element);
        }
        Map<String, Object> properties = new LinkedHashMap<>(schemas.properties(element));
        without.forEach(properties::remove);
        if (!headers.isEmpty()) {
            properties.put(EnvelopeWriter.HEADERS_KEY, Map.of("type", "object", "properties", headers));
        }
        return Map.of("type", "object", "properties", properties);
    }

    private Object schema(@Nullable Element element, String member) {
        Object schema = element == null ? null : schemas.properties(element).get(member);
        return schema == null ? Map.of("type", "string") : schema;
    }
}
