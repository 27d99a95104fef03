package dev.sallyport.plugins.elk;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.time.Duration;

/** What becomes of indices in time. */
public record Lifecycle(
        @Doc("The age at which a new index is begun.") @Default("1d") @Min(3_600_000)
        Duration rolloverAge,

        @Doc("The size of a primary shard at which a new index is begun.") @Default("25GiB") @Min(1_048_576)
        Size rolloverSize,

        @Doc("The age, counted from the next one's beginning, at which an index is deleted; only where the server"
                + " has lifecycle policies.")
        @Default("30d")
        @Min(3_600_000)
        Duration deleteAfter) {

    static final Lifecycle DEFAULT = new Lifecycle(Duration.ofDays(1), Size.parse("25GiB"), Duration.ofDays(30));
}
