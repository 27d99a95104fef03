package dev.sallyport.plugins.validation;

import dev.sallyport.api.config.Doc;
import java.nio.file.Path;
import java.util.Map;

/** Where a schema stands. */
public sealed interface SchemaSource {

    @Doc("In a file, JSON or YAML (.yaml, .yml); it is read again when it changes.")
    record File(
            @Doc("The file, relative to the folder of the configuration.")
            Path file) implements SchemaSource {}

    @Doc("Here.")
    record Inline(@Doc("The schema.") Map<String, Object> schema) implements SchemaSource {}
}
