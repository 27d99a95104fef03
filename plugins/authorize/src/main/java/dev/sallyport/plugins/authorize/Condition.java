package dev.sallyport.plugins.authorize;

import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.sallyport.api.Request;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An expression of CEL that is true or false for a request. Compiled and checked when it is read. Immutable and
 * thread-safe; two are equal where their texts are.
 */
public final class Condition {

    private final String text;
    private final Language.Compiled program;

    private Condition(String text, Language.Compiled program) {
        this.text = text;
        this.program = program;
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is no expression, reads what is not there, or is neither true nor false; it
     *     names the place
     */
    public static Condition parse(String text) {
        try {
            return new Condition(text, Language.program(text));
        } catch (CelValidationException e) {
            CelIssue first = e.getErrors().getFirst();
            throw new IllegalArgumentException(
                    text + " (expected: a condition in CEL); " + Language.told(first, text), e);
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException(text + " (expected: a condition in CEL); " + e.getMessage(), e);
        }
    }

    /**
     * Whether it is true for a request.
     *
     * @throws CelEvaluationException where it cannot be said: it reads what the request does not have, or works too long
     */
    boolean holds(Request request, Clock clock) throws CelEvaluationException {
        try {
            Object value = program.program().eval(name -> {
                Variables.Variable variable = Variables.all().get(name);
                Variables.Variable read = variable == null ? program.members().get(name) : variable;
                return Optional.ofNullable(read == null ? null : read.value().apply(request, clock));
            });
            if (value instanceof Boolean bool) {
                return bool;
            }
        } catch (RuntimeException e) {
            throw new CelEvaluationException("failed", e);
        }
        throw new CelEvaluationException("neither true nor false");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Condition that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The written form. */
    @Override
    public String toString() {
        return text;
    }
}
