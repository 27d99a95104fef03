package dev.sallyport.api.config;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/**
 * A part of an expression that has a value.
 *
 * @param at where it begins in the text, from 0
 * @param constant its value where that is the same for all; else null
 */
record Node(Kind kind, int at, @Nullable Object constant, Value value) {

    /** What is computed. Never fails: what cannot be said is absent, which is null. */
    @FunctionalInterface
    interface Value {
        @Nullable
        Object of(Request request, @Nullable Response response, @Nullable Groups groups);
    }

    static Node constant(Kind kind, int at, Object constant) {
        return new Node(kind, at, constant, (request, response, groups) -> constant);
    }

    Node(Kind kind, int at, Value value) {
        this(kind, at, null, value);
    }

    @Nullable
    Object of(Request request, @Nullable Response response, @Nullable Groups groups) {
        return value.of(request, response, groups);
    }

    /** Whether it is true; what is absent, or no boolean, is not. */
    boolean holds(Request request, @Nullable Response response, @Nullable Groups groups) {
        return Boolean.TRUE.equals(value.of(request, response, groups));
    }
}
