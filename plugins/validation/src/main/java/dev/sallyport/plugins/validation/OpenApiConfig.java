package dev.sallyport.plugins.validation;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The settings of a step {@code openapi}. */
public record OpenApiConfig(
        @Doc("The OpenAPI document, 3.0 or 3.1, in JSON or YAML (.yaml, .yml), relative to the folder of the"
                + " configuration; $ref may name files beside it. Read again when it changes.")
        Path document,

        @Doc("What stands before each path of the document; the paths of its servers, where it is not given.") @Nullable
        String basePath,

        @Doc("What becomes of requests that are not valid: enforce refuses them, report only notes it, off does not"
                + " look.")
        @Default("enforce")
        Mode requests,

        @Doc("The same for responses; enforce puts a 502 in the place of one that is not valid.") @Default("off")
        Mode responses,

        @Doc("What becomes of requests for paths that are not in the document: refused (404) or passed on unchecked.")
        @Default("refuse")
        Unknown unknownPaths,

        @Doc("The same for methods that a path of the document does not have (405).") @Default("refuse")
        Unknown unknownMethods,

        @Doc("The same for query parameters, and for bodies of operations that have none (400).") @Default("pass")
        Unknown unknownParameters,

        @Doc("Answers from the document's examples, or from its schemas where it has none, and asks no upstream. A"
                + " request may choose: Prefer: code=404, example=gone.")
        boolean mocks,

        @Doc("Whether the formats of texts and numbers are checked, such as date-time or int32.") @Default("true")
        boolean formats,

        @Doc("The most bytes of a body that is looked into; more is 413, or 502 for a response.") @Default("1MiB")
        Size maxBody,

        @Doc("How deep objects and arrays may be nested.") @Default("100") @Min(1) @Max(100)
        int maxDepth,

        @Doc("How many errors are told at once.") @Default("20") @Min(1) @Max(1000)
        int maxErrors) {

    /** What becomes of what is not valid. */
    public enum Mode {
        ENFORCE,
        REPORT,
        OFF
    }

    /** What becomes of what is not in the document. */
    public enum Unknown {
        REFUSE,
        PASS
    }

    public OpenApiConfig {
        if (basePath != null && !basePath.startsWith("/")) {
            throw new ConfigException("basePath", basePath + " (expected: to start with /)");
        }
    }
}
