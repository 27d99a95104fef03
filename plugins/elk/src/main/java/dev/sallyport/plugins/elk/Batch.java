package dev.sallyport.plugins.elk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that are sent together.
 *
 * @param entries the records, in the order in which they came
 * @param from where they begin in the spool; null for what never was in it
 * @param to where they end there
 * @param doubt whether they may have arrived already; null where they surely have not
 */
record Batch(
        List<Entry> entries,
        @Nullable Position from,
        @Nullable Position to,
        @Nullable Doubt doubt) {

    Batch {
        entries = List.copyOf(entries);
    }
}
