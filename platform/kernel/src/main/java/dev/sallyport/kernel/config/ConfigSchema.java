package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of {@code gateway.yaml} as one installation has it: the gateway's own keys, and those of the types that
 * its plugins offer.
 */
public final class ConfigSchema {

    private static final JsonMapper JSON = JsonMapper.shared();

    private ConfigSchema() {}

    /** The schema (draft 2020-12) with the catalogue's types; without any type, each is accepted. */
    public static ObjectNode of(TypeCatalog catalog) {
        ObjectNode schema = resource("gateway");
        schema.put("title", "The configuration of a Sallyport gateway");
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("step", step(catalog));
        definitions.set("credential", oneType(catalog, List.of("credential"), JSON.createObjectNode()));
        ObjectNode service = oneType(
                catalog, TypeCatalog.SERVICES, (ObjectNode) resource("service").path("properties"));
        service.putArray("required").add("name");
        definitions.set("service", service);
        definitions.putObject("any");
        return schema;
    }

    private static ObjectNode step(TypeCatalog catalog) {
        ObjectNode own = resource("step");
        ObjectNode step = oneType(catalog, List.of("filter"), (ObjectNode) own.path("properties"));
        ((ObjectNode) step.path("properties"))
                .putObject("use")
                .put("type", "string")
                .put("description", "The name of a chain whose steps stand here.");
        if (step.path("oneOf") instanceof ArrayNode options) {
            options.addObject().putArray("required").add("use");
        }
        return step;
    }

    /** A mapping of some keys and exactly one type. */
    private static ObjectNode oneType(TypeCatalog catalog, List<String> points, ObjectNode keys) {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        keys.forEachEntry(properties::set);
        ArrayNode options = JSON.createArrayNode();
        for (OfferedType type : offered(catalog, points)) {
            ObjectNode settings = JSON.createObjectNode();
            ArrayNode forms = settings.putArray("anyOf");
            forms.add(type.schema());
            if (!type.schema().has("required")) {
                forms.addObject().put("type", "null");
            }
            properties.set(type.name(), forms.size() == 1 ? type.schema() : settings);
            options.addObject().putArray("required").add(type.name());
        }
        schema.put("additionalProperties", options.isEmpty());
        if (!options.isEmpty()) {
            schema.set("oneOf", options);
        }
        return schema;
    }

    /** The types that are offered at any of those points, by name. */
    private static Collection<OfferedType> offered(TypeCatalog catalog, List<String> points) {
        TreeMap<String, OfferedType> types = new TreeMap<>();
        for (String point : points) {
            for (String name : catalog.names(point)) {
                OfferedType type = catalog.find(point, name, null);
                if (type != null) {
                    types.putIfAbsent(name, type);
                }
            }
        }
        return types.values();
    }

    private static ObjectNode resource(String name) {
        try (InputStream in = ConfigSchema.class.getResourceAsStream("/META-INF/sallyport/schema/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("no schema " + name
                        + " (expected: written by the annotation processor); build with -proc:full");
            }
            JsonNode schema = JSON.readTree(in);
            return (ObjectNode) schema;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
