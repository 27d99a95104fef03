package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;

/** How many requests may wait for an upstream's answer, found from how long its answers take. */
public record ConcurrencyConfig(
        @Doc("With how many it begins.") @Default("32") @Min(1)
        int start,

        @Doc("It never allows fewer.") @Default("4") @Min(1) int min,

        @Doc("It never allows more.") @Default("1000") @Min(1)
        int max,

        @Doc("How many times as long as without load answers may take before it allows fewer.")
        @Default("2")
        @Min(1)
        @Max(100)
        double tolerance) {}
