package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.admin.Resource.Parameter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The table of the admin API as an OpenAPI document. */
final class OpenApi {

    private OpenApi() {}

    static ObjectNode of(List<Resource> resources) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("openapi", "3.1.0");
        root.putObject("info").put("title", "Sallyport admin API").put("version", "v1");
        root.putArray("security").addObject().putArray("token");
        ObjectNode schemes = root.putObject("components").putObject("securitySchemes");
        schemes.putObject("token").put("type", "http").put("scheme", "bearer");
        ObjectNode paths = root.putObject("paths");
        resources.forEach(resource -> add(resource, paths.withObjectProperty(resource.path())));
        return root;
    }

    private static void add(Resource resource, ObjectNode path) {
        ObjectNode operation = path.putObject(resource.method().toLowerCase(Locale.ROOT));
        operation
                .put("operationId", resource.name())
                .put("summary", resource.summary())
                .put("x-role", resource.role().name().toLowerCase(Locale.ROOT));
        ArrayNode parameters = operation.putArray("parameters");
        for (String segment : resource.path().split("/", -1)) {
            if (segment.startsWith("{")) {
                parameter(parameters, segment.substring(1, segment.length() - 1), "path", "string")
                        .put("required", true);
            }
        }
        for (Parameter parameter : resource.parameters()) {
            parameter(parameters, parameter.name(), "query", parameter.flag() ? "boolean" : "string")
                    .put("description", parameter.doc());
        }
        Resource.Body body = resource.body();
        if (body != null) {
            ObjectNode request = operation.putObject("requestBody").put("required", true);
            ObjectNode content = request.putObject("content");
            body.types()
                    .forEach(type -> content.putObject(type)
                            .putObject("schema")
                            .put("type", "string")
                            .put("format", "binary"));
        }
        ObjectNode responses = operation.putObject("responses");
        responses
                .putObject("2XX")
                .put("description", "Done.")
                .putObject("content")
                .putObject("application/json");
        responses
                .putObject("default")
                .put("description", "A problem (RFC 9457): what is wrong, and the mend.")
                .putObject("content")
                .putObject("application/problem+json");
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String in, String type) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
        parameter.putObject("schema").put("type", type);
        return parameter;
    }
}
