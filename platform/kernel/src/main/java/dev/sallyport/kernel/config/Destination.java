package dev.sallyport.kernel.config;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a route sends its requests. */
public record Destination(
        @Doc("The name of an upstream, or a URL.") @Shorthand @Nullable
        String to,

        @Doc("Several upstreams, each with a part of the requests.")
        List<Part> split,

        Place place) {

    public Destination {
        if ((to == null) == split.isEmpty()) {
            throw new ConfigException(
                    "split",
                    (to == null ? "neither to nor split" : "to and split")
                            + " (expected: one of them); write upstream: NAME, or split: [{to: NAME, weight: 90}, …]");
        }
        if (!split.isEmpty() && split.stream().allMatch(part -> part.weight() == 0)) {
            throw new ConfigException("split", "every weight is 0 (expected: one above 0); raise one");
        }
    }

    /** One of several upstreams. */
    public record Part(
            @Doc("The name of an upstream, or a URL.") String to,

            @Doc("How many requests it gets, beside the weights of the others.") @Default("1") @Min(0) @Max(1_000_000)
            int weight,

            Place place) {}

    /** A copy of the requests, of which nothing comes back. */
    public record Mirror(
            @Doc("The name of an upstream, or a URL.") @Shorthand
            String to,

            @Doc("How many of the requests are copied, by chance.") @Default("100%")
            Percent share,

            @Doc("Requests with a larger body are not copied.") @Default("64KiB")
            Size maxBody,

            @Doc("The most copies under way; while there are as many, no more are made.") @Default("100") @Min(1)
            int inFlight,

            Place place) {}
}
