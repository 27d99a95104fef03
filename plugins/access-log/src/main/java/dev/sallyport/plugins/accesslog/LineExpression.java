package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Sight;

/**
 * An expression whose value is written.
 *
 * @param expression may see how the exchange has ended
 */
public record LineExpression(Expression expression) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or would write secrets
     */
    public static LineExpression parse(String text) {
        Expression expression = Expression.parse(text, Sight.COMPLETION);
        Masking.refuseSecrets(text, expression.names());
        return new LineExpression(expression);
    }

    /** The written form. */
    @Override
    public String toString() {
        return expression.toString();
    }
}
