package dev.sallyport.kernel.lint;

import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Template;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What lint asks of a step's settings, by the schema of its type.
 *
 * @param reads what expressions in them read that some step must provide
 * @param tellsApart whether a key is given by which callers are told apart
 */
record Settings(List<Read> reads, boolean tellsApart) {

    /** What expressions read that some step must provide, and how they are written. */
    private static final Map<String, Pattern> READS = Map.of(
            "consumer", Pattern.compile("consumer(\\..*)?"),
            "jwt-claims", Pattern.compile("claims\\..*"),
            "graphql-kind", Pattern.compile("graphql\\..*"));

    /**
     * Something that is read.
     *
     * @param name what
     * @param key the path of keys below the settings; {@code ""} where the type reads it whatever they say
     */
    record Read(String name, Place place, String key) {}

    static Settings of(ConfigNode settings, JsonNode schema) {
        List<Read> reads = new ArrayList<>();
        boolean[] apart = new boolean[1];
        walk(settings, schema, "", reads, apart);
        return new Settings(List.copyOf(reads), apart[0]);
    }

    private static void walk(ConfigNode node, JsonNode schema, String key, List<Read> reads, boolean[] apart) {
        schema.path("anyOf").forEach(form -> walk(node, form, key, reads, apart));
        schema.path("oneOf").forEach(option -> walk(node, option, key, reads, apart));
        switch (node) {
            case ConfigNode.Scalar scalar -> {
                Set<String> names = names(schema.path("format").asString(""), scalar.text());
                READS.forEach((name, form) -> {
                    if (names.stream().anyMatch(read -> form.matcher(read).matches())) {
                        reads.add(new Read(name, scalar.place(), key));
                    }
                });
            }
            case ConfigNode.Sequence list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    walk(list.items().get(i), schema.path("items"), key + "[" + i + "]", reads, apart);
                }
            }
            case ConfigNode.Mapping mapping -> {
                JsonNode properties = schema.path("properties");
                properties.forEachEntry((name, property) -> apart[0] |=
                        property.path("x-tells-apart").asBoolean(false) && isGiven(mapping.get(name), property));
                for (Map.Entry<String, ConfigNode.Entry> entry :
                        mapping.entries().entrySet()) {
                    JsonNode property = properties.path(entry.getKey());
                    walk(
                            entry.getValue().value(),
                            property.isMissingNode() ? schema.path("additionalProperties") : property,
                            Sources.join(key, entry.getKey()),
                            reads,
                            apart);
                }
            }
        }
    }

    /** What an expression reads; nothing where it is none, which binding tells. */
    private static Set<String> names(String format, String text) {
        try {
            return switch (format) {
                case "x-expression" -> Expression.parse(text).names();
                case "x-condition-expression" ->
                    Condition.parse(text).expression().names();
                case "x-expression-template" -> Template.parse(text).names();
                default -> Set.of();
            };
        } catch (IllegalArgumentException none) {
            return Set.of();
        }
    }

    private static boolean isGiven(@Nullable ConfigNode value, JsonNode property) {
        return switch (value) {
            case null -> {
                JsonNode usual = property.path("default");
                yield usual.isContainer()
                        ? !usual.isEmpty()
                        : !usual.asString("").isEmpty();
            }
            case ConfigNode.Scalar scalar -> !scalar.text().isEmpty();
            case ConfigNode.Sequence list -> !list.items().isEmpty();
            case ConfigNode.Mapping mapping -> !mapping.entries().isEmpty();
        };
    }
}
