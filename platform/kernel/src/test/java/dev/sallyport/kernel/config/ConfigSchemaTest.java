package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ConfigSchemaTest {

    private final ObjectNode schema = ConfigSchema.of(new SamplePlugin());

    @Test
    void describesTheGatewayAndItsPlugins() {
        JsonNode step = schema.at("/$defs/step");

        assertThat(schema.at("/properties/routes/items/properties/plugins/items/$ref")
                        .asString())
                .isEqualTo("#/$defs/step");
        assertThat(step.at("/properties/rate-limit/properties/limit/format").asString())
                .isEqualTo("x-rate");
        assertThat(step.at("/properties/acme~1all").isObject()).isTrue();
        assertThat(step.path("properties").propertyNames()).contains("id", "mode", "when", "use", "cors");
        assertThat(step.path("additionalProperties").asBoolean()).isFalse();
        assertThat(step.path("oneOf")).hasSize(16);
        assertThat(schema.at("/$defs/credential/properties").propertyNames()).containsExactly("key-auth");
        assertThat(schema.toString()).doesNotContain("\"place\"");
    }

    @Test
    void definesAllThatItRefersTo() {
        assertThat(schema.findValuesAsString("$ref"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                schema.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void acceptsEachTypeWhereNoneIsKnown() {
        ObjectNode without = ConfigSchema.of(new TypeCatalog() {
            @Override
            public OfferedType find(String point, String name, String version) {
                return null;
            }

            @Override
            public Set<String> names(String point) {
                return Set.of();
            }
        });

        assertThat(without.at("/$defs/step/additionalProperties").asBoolean()).isTrue();
        assertThat(without.at("/$defs/step/oneOf").isMissingNode()).isTrue();
    }

    @Test
    void writesATable() {
        JsonNode settings = Objects.requireNonNull(new SamplePlugin().find("filter", "acme/defaults", null))
                .schema();

        assertThat(ConfigTable.of(settings))
                .startsWith("| key | type | default | description |\n| --- | --- | --- | --- |\n")
                .contains("| `text` | text | `x y: [z]` |  |\n")
                .contains("| `unit` | `perRoute` or `per-target` or `h2c` | `perRoute` |  |\n")
                .contains("| `record.set` | mapping of text | `{}` |  |\n")
                .contains("| `map` | mapping of duration | `{a: 1s, b c: 2s}` |  |\n")
                .contains("| `other` | `{header: …}` or `{query: …}` or `{cookie: {name, secure}}` or `nowhere` | ")
                .contains("| `empty` | text | empty |  |\n");
    }

    @Test
    void marksKeysThatMustBeGivenAndShowsBounds() {
        JsonNode settings = Objects.requireNonNull(new SamplePlugin().find("filter", "acme/all", null))
                .schema();

        assertThat(ConfigTable.of(settings))
                .contains(
                        "| `big`* | whole number, -5 to 5 |",
                        "| `time`* | duration, 1s or more |",
                        "| `size`* | size, at most 2KiB |",
                        "| `parts[].weight` | whole number, 1 to 9 | `1` |",
                        "| `needed`* |",
                        "| `after` | text |")
                .doesNotContain("`must`", "`before`");
    }

    @Test
    void putsTheTableIntoAPage() {
        String page = "# x\n<!-- config -->\nold\n<!-- /config -->\nend";

        assertThat(ConfigTable.put(page, "config", "new\n"))
                .isEqualTo("# x\n<!-- config -->\nnew\n<!-- /config -->\nend");
        assertThatIllegalArgumentException().isThrownBy(() -> ConfigTable.put("# x", "config", "new\n"));
    }
}
