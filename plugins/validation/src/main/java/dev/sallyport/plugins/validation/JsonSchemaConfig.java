package dev.sallyport.plugins.validation;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a step {@code json-schema}. */
public record JsonSchemaConfig(
        @Doc("The file of the schema that the body must match, JSON or YAML (.yaml, .yml), relative to the folder"
                + " of the configuration. It is read again when it changes.")
        @Nullable
        Path file,

        @Doc("The schema itself, in the place of a file.") Map<String, Object> schema,

        @Doc("Files of further schemas, which $ref finds by their $id. Nothing is ever fetched.")
        List<Path> with,

        @Doc("Which body is checked.") @Default("request") Part of,

        @Doc("The draft of schemas that do not say theirs by $schema.") @Default("draft-2020-12")
        Draft draft,

        @Doc("Checks format too; the newer drafts take it for a remark.")
        boolean formats,

        @Doc("The media types whose bodies are checked; a star stands for any text.")
        @Default("[application/json, \"application/*+json\"]")
        @Min(1)
        List<String> contentTypes,

        @Doc("What becomes of bodies of other types: refused (415, or 502 for a response) or passed on unchecked.")
        @Default("refuse")
        OtherTypes otherTypes,

        @Doc("Lets requests pass that should have a body (POST, PUT, PATCH) and have none.")
        boolean optional,

        @Doc("The most bytes of a body; more is 413, or 502 for a response.") @Default("1MiB")
        Size maxBody,

        @Doc("How deep objects and arrays may be nested.") @Default("100") @Min(1) @Max(100)
        int maxDepth,

        @Doc("How many errors are told at once.") @Default("20") @Min(1) @Max(1000)
        int maxErrors) {

    /** Which body. */
    public enum Part {
        REQUEST,
        RESPONSE
    }

    /** What becomes of bodies of other types. */
    public enum OtherTypes {
        REFUSE,
        PASS
    }

    public JsonSchemaConfig {
        if ((file == null) == schema.isEmpty()) {
            throw new ConfigException("", (file == null ? "no schema" : "two schemas") + " (expected: file or schema)");
        }
        with = List.copyOf(with);
        contentTypes = List.copyOf(contentTypes);
        for (String type : contentTypes) {
            if (MediaType.parse(type) == null) {
                throw new ConfigException("contentTypes", "'" + type + "' (expected: such as application/json)");
            }
        }
    }

    /** The media types, read. */
    List<MediaType> ranges() {
        return contentTypes.stream()
                .map(MediaType::parse)
                .filter(java.util.Objects::nonNull)
                .toList();
    }
}
