package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is recorded of single requests, and how. */
public record TraceConfig(
        @Doc("Further names of header fields, query parameters and notes whose values are never shown; those that look"
                + " like secrets (authorization, cookie, x-api-key, token, …) are not anyway.")
        List<String> mask,

        @Doc("How many of all requests are recorded, beside those that somebody follows; none if not given.") @Nullable
        Percent sample,

        @Doc("How many traces are kept of each route, in memory; of all together 1000.")
        @Default("20")
        @Min(1)
        @Max(1000)
        int keep) {}
