package dev.sallyport.plugins.opentelemetry;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells methods of HTTP by name that are known, and all others by one, so that nobody can make up many. Immutable. */
final class Methods {

    static final String OTHER = "_OTHER";

    private final Set<String> known;

    Methods(Set<String> known) {
        this.known = Set.copyOf(known);
    }

    /** The method itself, or {@link #OTHER}. */
    String told(String method) {
        return known.contains(method) ? method : OTHER;
    }

    /** The name of a span for it: {@code GET /orders/{id}}, with {@code HTTP} for a method that is not known. */
    static String span(String told, @Nullable String target) {
        String method = told.equals(OTHER) ? "HTTP" : told;
        return target == null ? method : method + " " + target;
    }
}
