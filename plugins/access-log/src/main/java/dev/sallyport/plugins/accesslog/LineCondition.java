package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.Sight;
import org.jspecify.annotations.Nullable;

/**
 * Whether an exchange is written.
 *
 * @param condition may see how it has ended
 */
public record LineCondition(Condition condition) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static LineCondition parse(String text) {
        return new LineCondition(Condition.parse(text, Sight.COMPLETION));
    }

    boolean holds(Request request, @Nullable Response response) {
        return response == null ? condition.holds(request) : condition.holds(request, response);
    }

    /** The written form. */
    @Override
    public String toString() {
        return condition.toString();
    }
}
