package dev.sallyport.plugins.headers;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.Sight;
import org.jspecify.annotations.Nullable;

/**
 * Whether changes are made.
 *
 * @param condition may see the response
 */
public record ChangeCondition(Condition condition) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static ChangeCondition parse(String text) {
        return new ChangeCondition(Condition.parse(text, Sight.RESPONSE));
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
