package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.TellsApart;
import org.jspecify.annotations.Nullable;

/** The settings of one limit. */
public record RateLimitConfig(
        @Doc("How many requests pass in a time: 100/s, 5/10s, 1000/m.")
        Rate limit,

        @Doc("What each bucket is for, such as client.address or consumer; without it, all callers share one.")
        @TellsApart
        @Nullable
        Expression by,

        @Doc("How many requests may come at once after a pause; by default as many as the limit's amount.")
        @Min(1)
        @Max(999_999_999_999_999L)
        @Nullable
        Long burst,

        @Doc("How it counts.") @Default("token-bucket") Algorithm algorithm,

        @Doc("Where it counts: memory, or the name of a service that several gateways share.") @Default("memory")
        String store,

        @Doc("Leaves the fields RateLimit and RateLimit-Policy out of the responses.")
        boolean hideFields) {

    /** The size of a bucket. */
    long capacity() {
        return burst == null ? limit.amount() : burst;
    }
}
