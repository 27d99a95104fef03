package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.TypeCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of {@code gateway.yaml} in one installation: what the build wrote of the kernel's records, with the types
 * of the installed plugins in the places that are open for them.
 */
final class InstallationSchema {

    private static final String FOLDER = "/META-INF/sallyport/schema/";

    private InstallationSchema() {}

    static ObjectNode of(TypeCatalog catalog) {
        ObjectNode schema = read("gateway");
        schema.put("title", "The configuration of a Sallyport gateway");
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("step", steps(catalog));
        definitions.set("credential", credentials(catalog));
        definitions.putObject("any");
        return schema;
    }

    /** One of the types as a key, with the keys that every step has beside it; or the use of a chain. */
    private static ObjectNode steps(TypeCatalog catalog) {
        ObjectNode common = read("step");
        ObjectNode step = JsonMapper.shared().createObjectNode();
        ArrayNode choices = step.putArray("anyOf");
        for (String type : catalog.names("filter")) {
            ObjectNode choice = choices.addObject();
            choice.put("type", "object");
            ObjectNode properties = choice.putObject("properties");
            properties.set(type, settings(catalog.find("filter", type, null)));
            common.path("properties").forEachEntry(properties::set);
            choice.putArray("required").add(type);
            choice.put("additionalProperties", false);
        }
        ObjectNode use = choices.addObject();
        use.put("type", "object");
        ObjectNode properties = use.putObject("properties");
        properties
                .putObject("use")
                .put("type", "string")
                .put("description", "The name of a chain, whose steps are copied here.");
        properties.set("when", common.path("properties").path("when"));
        use.putArray("required").add("use");
        use.put("additionalProperties", false);
        return step;
    }

    private static ObjectNode credentials(TypeCatalog catalog) {
        ObjectNode credential = JsonMapper.shared().createObjectNode();
        credential.put("type", "object");
        ObjectNode properties = credential.putObject("properties");
        catalog.names("credential").forEach(type -> properties.set(type, settings(catalog.find("credential", type, null))));
        credential.put("additionalProperties", false);
        credential.put("minProperties", 1);
        credential.put("maxProperties", 1);
        return credential;
    }

    /** The settings of a type; nothing at all where YAML gives none. */
    private static JsonNode settings(TypeCatalog.@Nullable OfferedType offered) {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        if (offered == null) {
            return settings;
        }
        if (offered.schema().has("description")) {
            settings.set("description", offered.schema().get("description"));
        }
        if (!offered.schema().has("required")) {
            settings.putArray("anyOf").add(offered.schema()).addObject().put("type", "null");
            return settings;
        }
        return offered.schema();
    }

    private static ObjectNode read(String name) {
        try (InputStream in = GatewayConfig.class.getResourceAsStream(FOLDER + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException(FOLDER + name + ".json is missing (expected: written by the build)");
            }
            return (ObjectNode) JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
