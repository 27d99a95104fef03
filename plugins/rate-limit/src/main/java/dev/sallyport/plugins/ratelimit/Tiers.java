package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which limits a caller has.
 *
 * @param <L> the limits
 * @param usual of those who are in no tier
 * @param by what tells the tier, the first one that does
 */
record Tiers<L>(L usual, Map<String, L> tiers, List<Expression> by) {

    /** The name of the caller's tier; null where it has the usual limits. */
    @Nullable
    String of(Request request) {
        if (tiers.isEmpty()) {
            return null;
        }
        for (Expression expression : by) {
            String value = expression.value(request);
            if (value != null && tiers.containsKey(value)) {
                return value;
            }
        }
        return null;
    }

    /** The limits of a tier. */
    L limits(@Nullable String tier) {
        L own = tier == null ? null : tiers.get(tier);
        return own == null ? usual : own;
    }
}
