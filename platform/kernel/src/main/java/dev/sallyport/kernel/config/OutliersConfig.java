package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a target is not used for a while, by what becomes of the requests to it. */
public record OutliersConfig(
        @Doc("So many failures in a row, and a target is ejected. No connection, a broken one, no answer in time"
                + " and one that breaks off are failures, and the statuses below.")
        @Default("5")
        @Min(1)
        int consecutive,

        @Doc("This share of the requests of a window, and it is ejected, too; only failures in a row count if not"
                + " given.")
        @Nullable
        Percent failureRate,

        @Doc("How long the window of failureRate is.") @Default("10s") @Min(1)
        Duration window,

        @Doc("How many requests the window must have before it is judged.") @Default("20") @Min(1)
        int minimumRequests,

        @Doc("The statuses that count as failures, such as 503 or 500-599.") @Default("[502-504]")
        List<StatusRange> statuses,

        @Doc("How long it is ejected the first time; twice as long the second time in a row, and so on.")
        @Default("30s")
        @Min(1)
        Duration ejectFor,

        @Doc("How long at most.") @Default("5m") @Min(1) Duration ejectForAtMost,

        @Doc("The most targets that may be ejected at a time; one alone never is.") @Default("50%")
        Percent maxEjected) {}
