package dev.sallyport.plugins.validation;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import dev.sallyport.plugins.validation.OpenApiConfig.Mode;
import dev.sallyport.plugins.validation.OpenApiConfig.Unknown;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests made of documents, with values of their schemas and with such that were changed at random. */
final class GeneratedRequests {

    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");
    private static final int MOST_OF_A_DOCUMENT = 150;

    private final Random random = new Random(4);
    private final List<String> disagreements = new ArrayList<>();
    private int valid;
    private int invalid;
    private int skipped;

    List<String> disagreements() {
        return disagreements;
    }

    void run(Path file) throws Exception {
        OpenApiConfig config = new OpenApiConfig(
                file,
                "/base",
                Mode.ENFORCE,
                Mode.OFF,
                Unknown.REFUSE,
                Unknown.REFUSE,
                Unknown.PASS,
                false,
                true,
                new Size(10_000_000),
                200,
                20);
        Api api = Api.read(file, "/base", true);
        try (FakeContext context = FakeContext.create();
                Filter filter = OpenApis.filter(context, config)) {
            int left = MOST_OF_A_DOCUMENT;
            for (String path : api.files().root().get("paths").value().propertyNames()) {
                Node item = api.files().resolve(api.files().root().get("paths").get(path));
                for (String method : METHODS) {
                    if (path.startsWith("/") && item.value().path(method).isObject() && left-- > 0) {
                        operation(file.getFileName() + " " + method + " " + path, api, filter, item, path, method);
                    }
                }
            }
        } catch (ConfigException refused) {
            throw new DocumentException(refused.reason());
        }
    }

    private void operation(String name, Api api, Filter filter, Node item, String path, String method)
            throws Exception {
        Operation operation = Operation.of(api.files(), item, method);
        Sample sample = new Sample(api.files(), Schemas.Direction.REQUEST);
        String target = "/base" + path;
        List<String> query = new ArrayList<>();
        Requests.Builder[] headers = new Requests.Builder[1];
        List<String[]> fields = new ArrayList<>();
        for (Parameter parameter : operation.parameters()) {
            if (!parameter.required()) {
                continue;
            }
            JsonNode value = sample.of(parameter.schema());
            if (!isWritable(parameter, value) || !isTaken(api, parameter.schema(), value)) {
                skipped++;
                return;
            }
            switch (parameter.in()) {
                case "path" ->
                    target = target.replace(
                            "{" + parameter.name() + "}",
                            WrittenStyle.single(parameter.style(), parameter.explode(), parameter.name(), value));
                case "query" ->
                    query.add(WrittenStyle.query(parameter.style(), parameter.explode(), parameter.name(), value));
                default -> fields.add(new String[] {parameter.name(), value.asString()});
            }
        }
        PathTree.Found found = api.paths().find(target);
        if (target.indexOf('{') >= 0
                || path.contains("}{")
                || target.chars().anyMatch(c -> c <= ' ' || c >= 127 || c == '#' || c == '?')
                || found == null
                || !sameOperation(found, operation)) {
            skipped++; // another path of the document takes it, or the path says nothing of a parameter in it
            return;
        }
        target = query.isEmpty() ? target : target + "?" + String.join("&", query);
        Content content = operation.bodies() == null
                ? null
                : operation.bodies().stream()
                        .filter(each -> each.range().type().equals("application/json")
                                && each.schema().exists())
                        .findFirst()
                        .orElse(null);
        if (content == null) {
            if (operation.bodyRequired()) {
                skipped++;
                return;
            }
            expect(name, filter, request(method, target, fields, null), true);
            return;
        }
        JsonNode body = sample.of(content.schema());
        for (int i = 0; i < 4; i++) {
            boolean isTaken = api.schemas()
                    .check(content.schema(), body, Schemas.Direction.REQUEST, 20)
                    .isEmpty();
            expect(name + " " + body, filter, request(method, target, fields, body.toString()), isTaken);
            body = changed(body.deepCopy());
        }
    }

    private static boolean sameOperation(PathTree.Found found, Operation operation) {
        Operation there = found.operation(operation.method());
        return there != null && there.parameters().equals(operation.parameters());
    }

    private static boolean isWritable(Parameter parameter, JsonNode value) {
        if (parameter.json() || !parameter.schema().exists() || parameter.in().equals("cookie")) {
            return false;
        }
        boolean flat =
                value.isValueNode() || value.valueStream().allMatch(each -> each.isValueNode() && !each.isNull());
        boolean said = !value.isNull() && !(value.isContainer() && value.isEmpty());
        boolean text = !value.isString() || !value.asString().isEmpty();
        boolean field = !parameter.in().equals("header")
                || (value.isValueNode()
                        && value.asString().matches("[!-~]+")
                        && !value.asString().contains(","));
        boolean deep = parameter.style() != Style.DEEP_OBJECT || value.isObject();
        boolean path = !parameter.in().equals("path") || !value.asString("x").matches("\\.{1,2}");
        // A number where a text is expected is read as that text, so it proves nothing.
        boolean meant = value.isContainer()
                || value.isString() != parameter.shape().kinds().contains(Shape.Kind.NUMBER)
                || parameter.shape().isAnything();
        return flat && said && text && field && deep && path && meant;
    }

    private static boolean isTaken(Api api, Node schema, JsonNode value) {
        return api.schemas().check(schema, value, Schemas.Direction.REQUEST, 20).isEmpty();
    }

    private static Request request(String method, String target, List<String[]> fields, String body) {
        Requests.Builder builder = body == null
                ? Requests.of(method.toUpperCase(Locale.ROOT), target)
                : Requests.post(target, body).header("content-type", "application/json");
        for (String[] field : fields) {
            builder.header(field[0], field[1]);
        }
        return builder.build().withMethod(method.toUpperCase(Locale.ROOT));
    }

    private void expect(String what, Filter filter, Request request, boolean isValid) throws Exception {
        Response response = filter.handle(request, passed -> Response.of(200));
        if (isValid) {
            valid++;
        } else {
            invalid++;
        }
        if (response.status() != (isValid ? 200 : 400)) {
            String told = response.body().text(10_000);
            disagreements.add(what.substring(0, Math.min(300, what.length())) + " -> " + response.status() + " "
                    + told.substring(0, Math.min(600, told.length())) + " for " + request.target());
        }
    }

    private JsonNode changed(JsonNode value) {
        if (value instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(3) == 0) {
                object.remove(name);
            } else {
                object.set(name, random.nextBoolean() ? other() : changed(object.get(name)));
            }
            return object;
        }
        if (value instanceof ArrayNode array && !array.isEmpty()) {
            array.set(0, random.nextBoolean() ? other() : changed(array.get(0)));
            return array;
        }
        return other();
    }

    private JsonNode other() {
        return switch (random.nextInt(6)) {
            case 0 -> Texts.NODES.stringNode("");
            case 1 -> Texts.NODES.numberNode(-1.5);
            case 2 -> Texts.NODES.booleanNode(false);
            case 3 -> Texts.NODES.nullNode();
            case 4 -> Texts.NODES.arrayNode().add("x");
            default -> Texts.NODES.objectNode().put("unknown", 1);
        };
    }

    @Override
    public String toString() {
        return valid + " valid requests, " + invalid + " invalid ones, " + skipped + " operations left out, "
                + disagreements.size() + " disagreements";
    }
}
