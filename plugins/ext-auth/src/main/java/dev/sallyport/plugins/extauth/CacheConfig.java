package dev.sallyport.plugins.extauth;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.time.Duration;
import java.util.List;

/** Which decisions are kept. */
public record CacheConfig(
        @Doc("What a decision depends on: requests in which all of these are the same get the same one; where one"
                + " is missing, the service is asked.")
        @Min(1)
        List<Expression> by,

        @Doc("How long a decision holds.") @Default("10s") @Min(1) @Max(86_400_000)
        Duration ttl,

        @Doc("The most decisions that are kept; the one not used for longest goes first.")
        @Default("10000")
        @Min(1)
        @Max(1_000_000)
        int entries) {

    public CacheConfig {
        by = List.copyOf(by);
    }
}
