package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.admin.Resource.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The table of the admin API as an OpenAPI document. */
final class OpenApi {

    private static final String PROBLEM = "application/problem+json";

    /** What any call may be answered with, besides what it is for. */
    private static final Map<String, String> ALWAYS = Map.of(
            "400", "A parameter or header that is not understood.",
            "401", "No token, or one that is not known.",
            "403", "The role is not enough, or Host or Origin is another one.",
            "429", "More calls than admin.rate.");

    /** What a change may be answered with. */
    private static final Map<String, String> OF_CHANGES = Map.of(
            "409", "Something stands in the way: the files own it, it is in use, a rollback holds.",
            "412", "Another generation serves than If-Match says.",
            "422", "It is refused: what is wrong stands in errors.");

    private OpenApi() {}

    static ObjectNode of(List<Resource> resources) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("openapi", "3.1.0");
        root.putObject("info")
                .put("title", "Sallyport admin API")
                .put("version", "v1")
                .put("description", "What the gateway does, and changes of it. x-role is the least role of a caller.");
        ArrayNode security = root.putArray("security");
        security.addObject().putArray("token");
        security.addObject().putArray("certificate");
        ObjectNode components = root.putObject("components");
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("token").put("type", "http").put("scheme", "bearer");
        schemes.putObject("certificate").put("type", "mutualTLS");
        problem(components);
        ObjectNode paths = root.putObject("paths");
        resources.forEach(resource -> add(resource, paths.withObjectProperty(resource.path())));
        return root;
    }

    private static void problem(ObjectNode components) {
        ObjectNode schema = components.putObject("schemas").putObject("Problem").put("type", "object");
        ObjectNode members = schema.putObject("properties");
        members.putObject("type").put("type", "string").put("format", "uri");
        members.putObject("title").put("type", "string");
        members.putObject("status").put("type", "integer");
        members.putObject("detail").put("type", "string");
        members.putObject("errors")
                .put("type", "array")
                .put("description", "Each mistake: file:line:column key: what is wrong; the mend.")
                .putObject("items")
                .put("type", "string");
        schema.putArray("required").add("type").add("title").add("status");
    }

    private static void add(Resource resource, ObjectNode path) {
        boolean change = !resource.method().equals("GET");
        ObjectNode operation = path.putObject(resource.method().toLowerCase(Locale.ROOT));
        String[] segments = resource.path().split("/", -1);
        operation.putArray("tags").add(segments.length > 2 ? segments[2] : "");
        operation
                .put("operationId", resource.name())
                .put("summary", resource.summary())
                .put("x-role", resource.role().name().toLowerCase(Locale.ROOT));
        ArrayNode parameters = operation.putArray("parameters");
        for (String segment : segments) {
            if (segment.startsWith("{")) {
                parameter(parameters, segment.substring(1, segment.length() - 1), "path", "string")
                        .put("required", true);
            }
        }
        for (Parameter parameter : resource.parameters()) {
            if (parameter.isOthers()) {
                others(parameters, parameter.doc());
                continue;
            }
            parameter(parameters, parameter.name(), "query", parameter.flag() ? "boolean" : "string")
                    .put("description", parameter.doc());
        }
        if (change) {
            parameter(parameters, "If-Match", "header", "string")
                    .put("description", "The ETag of an earlier answer: only where that generation still serves.");
        }
        body(resource, operation);
        responses(resource, operation.putObject("responses"), change);
    }

    private static void body(Resource resource, ObjectNode operation) {
        Resource.Body body = resource.body();
        if (body == null) {
            return;
        }
        ObjectNode content =
                operation.putObject("requestBody").put("required", true).putObject("content");
        for (String type : body.types()) {
            ObjectNode media = content.putObject(type);
            if (type.equals(UploadBody.JSON)) {
                media.putObject("schema").put("type", "object");
            } else {
                media.putObject("schema"); // of 3.1: raw bytes have no schema
            }
        }
    }

    private static void responses(Resource resource, ObjectNode responses, boolean change) {
        ObjectNode done = responses.putObject("200").put("description", "Done.");
        if (!change) {
            done.putObject("headers")
                    .putObject("ETag")
                    .put("description", "The generation that serves.")
                    .putObject("schema")
                    .put("type", "string");
        }
        done.putObject("content").putObject("application/json").putObject("schema");
        Map<String, String> refusals = new TreeMap<>(ALWAYS);
        if (change) {
            refusals.putAll(OF_CHANGES);
        }
        if (resource.path().contains("{")) {
            refusals.put("404", "There is none of that name.");
        }
        if (resource.body() != null) {
            refusals.put("413", "The body is too long.");
            refusals.put("415", "The body is of another type.");
        }
        refusals.put("default", "Another problem.");
        refusals.forEach((status, why) -> responses
                .putObject(status)
                .put("description", why)
                .putObject("content")
                .putObject(PROBLEM)
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem"));
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String in, String type) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
        parameter.putObject("schema").put("type", type);
        return parameter;
    }

    /** An object whose members are the parameters (OpenAPI 3, style form, exploded). */
    private static void others(ArrayNode parameters, String doc) {
        parameters
                .addObject()
                .put("name", "parameters")
                .put("in", "query")
                .put("style", "form")
                .put("explode", true)
                .put("description", doc)
                .putObject("schema")
                .put("type", "object")
                .putObject("additionalProperties")
                .put("type", "string");
    }
}
