package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.WrittenText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How commands show what a configuration says: as written, so that a secret stays the reference that it is in the file. */
final class Printed {

    private Printed() {}

    /** A value in YAML's flow style. */
    static String yaml(@Nullable ConfigNode node) {
        return WrittenText.flow(node);
    }

    /** A value as JSON; scalars stay the texts that they are in the file. */
    static JsonNode json(@Nullable ConfigNode node) {
        return WrittenText.json(node);
    }
}
