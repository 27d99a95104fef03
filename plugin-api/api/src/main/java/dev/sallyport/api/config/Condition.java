package dev.sallyport.api.config;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Expression} that is true or false: {@code header.x-debug == "1" && client.address.inCidr("10.0.0.0/8")}. What is
 * absent equals nothing, is among nothing, has no order, and is not true: so it is always one of both. Immutable and
 * thread-safe; two are equal where their texts are.
 */
public final class Condition {

    private final Expression expression;

    private Condition(Expression expression) {
        this.expression = expression;
    }

    /**
     * Reads the written form of one that sees requests.
     *
     * @throws ExpressionException where it is none
     */
    public static Condition parse(String text) {
        return parse(text, Sight.REQUEST);
    }

    /**
     * Reads the written form.
     *
     * @param sight what there will be when it is judged
     * @throws ExpressionException where it is none
     */
    public static Condition parse(String text, Sight sight) {
        Expression expression = Expression.parse(text, sight);
        if (!expression.isCondition()) {
            throw new ExpressionException(
                    text,
                    0,
                    "a condition, not a " + expression.kind(),
                    "compare it: " + text + " == …, or ask whether it is there: has(" + text + ")");
        }
        return new Condition(expression);
    }

    /** Whether it is true for this request. */
    public boolean holds(Request request) {
        return expression.holds(request, null);
    }

    /** Whether it is true for this request and its response. */
    public boolean holds(Request request, Response response) {
        return expression.holds(request, response);
    }

    /** What it reads, and the values that this request has for it, for people; null where it has none. */
    public Map<String, @Nullable String> read(Request request) {
        return expression.read(request, null);
    }

    /** The expression. */
    public Expression expression() {
        return expression;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Condition that && expression.equals(that.expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    /** The written form. */
    @Override
    public String toString() {
        return expression.toString();
    }
}
