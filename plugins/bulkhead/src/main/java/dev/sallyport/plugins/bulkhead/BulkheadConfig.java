package dev.sallyport.plugins.bulkhead;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the step {@code bulkhead}.
 *
 * @param concurrent how many may be under way
 * @param by what tells apart those that are counted by themselves; null for all together
 * @param maxWait how long one may wait
 * @param maxWaiting how many may wait; null for as many as may be under way
 */
public record BulkheadConfig(
        @Doc("How many requests may be under way at a time. May be written alone: bulkhead: 50.")
        @Min(1)
        @Max(1_000_000)
        @Shorthand
        int concurrent,

        @Doc("Counts the requests of each value by themselves, such as consumer; all together if not given.") @Nullable
        Expression by,

        @Doc("How long a request may wait until another one has ended.") @Default("0s") @Min(0) @Max(60_000)
        Duration maxWait,

        @Doc("How many requests may wait; as many as concurrent says if not given.") @Min(1) @Max(1_000_000) @Nullable
        Integer maxWaiting) {

    /** The same, but that nobody waits. */
    BulkheadConfig withoutWait() {
        return new BulkheadConfig(concurrent, by, Duration.ZERO, null);
    }

    /** How many may be under way or wait. */
    int most() {
        return maxWait.isZero() ? concurrent : concurrent + (maxWaiting == null ? concurrent : maxWaiting);
    }
}
