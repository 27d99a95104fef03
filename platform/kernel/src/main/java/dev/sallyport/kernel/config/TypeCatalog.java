package dev.sallyport.kernel.config;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The types that the installed plugins offer, with their schemas, known without running their code. Thread-safe. */
public interface TypeCatalog {

    /**
     * The type of that name.
     *
     * @param point what it is a type of: {@code filter}, {@code credential}, or one of {@link #SERVICES}
     * @param version which versions may serve, such as {@code ~1.4}; null for the one that serves without a choice
     * @return null where no plugin offers it
     */
    @Nullable
    OfferedType find(String point, String name, @Nullable String version);

    /** All names that are offered at that point. */
    Set<String> names(String point);

    /** The points whose types stand under {@code services:}. */
    List<String> SERVICES = List.of("admin-pages", "discovery", "exporter", "secret-source", "store");

    /** Stands for the point of a service whose type nobody offers: it may be any of {@link #SERVICES}. */
    String SOME_SERVICE = "service";

    /** The point at which a service's type is offered; {@link #SOME_SERVICE} where none is. */
    default String servicePoint(String type) {
        return SERVICES.stream()
                .filter(point -> names(point).contains(type))
                .findFirst()
                .orElse(SOME_SERVICE);
    }

    /** Whether a service's type is offered at that point, or by nobody yet: then it may be, and that it is missing is told elsewhere. */
    default boolean mayServe(String point, String type) {
        String offered = servicePoint(type);
        return offered.equals(point) || offered.equals(SOME_SERVICE);
    }

    /** Which file of a plugin that would offer the type is not taken, and why; null where none is known. */
    default @Nullable String refusal(String point, String name) {
        return null;
    }

    /** Whether {@link #find} gives what it gives with another one; false where that is not known. */
    default boolean judgesLike(TypeCatalog earlier) {
        return equals(earlier);
    }

    /**
     * A type that a plugin offers.
     *
     * @param plugin the plugin's id
     * @param version the plugin's version
     * @param traits what its steps do
     * @param schema the JSON Schema of its settings
     */
    record OfferedType(String name, String plugin, String version, Traits traits, JsonNode schema) {}
}
