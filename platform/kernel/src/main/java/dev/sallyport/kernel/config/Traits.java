package dev.sallyport.kernel.config;

import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What a type says that its steps do, as far as others in the chain depend on it.
 *
 * @param decidesAccess whether they decide who may enter
 * @param replayable whether they do nothing but decide and change
 * @param provides what they leave on the exchange: {@code consumer}, or names of attributes
 * @param reads what they need of that
 * @param caches whether they answer by what they kept of earlier responses
 * @param limits whether they refuse requests beyond a number
 */
public record Traits(
        boolean decidesAccess,
        boolean replayable,
        Set<String> provides,
        Set<String> reads,
        boolean caches,
        boolean limits) {

    /** Copies the sets. */
    public Traits {
        provides = Set.copyOf(provides);
        reads = Set.copyOf(reads);
    }

    /** As the annotation processor wrote them; a jar of an earlier one says less. */
    public static Traits of(JsonNode extension) {
        return new Traits(
                extension.path("decidesAccess").asBoolean(false),
                extension.path("replayable").asBoolean(false),
                names(extension.path("provides")),
                names(extension.path("reads")),
                extension.path("caches").asBoolean(false),
                extension.path("limits").asBoolean(false));
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new TreeSet<>();
        list.forEach(name -> names.add(name.asString("")));
        return names;
    }
}
