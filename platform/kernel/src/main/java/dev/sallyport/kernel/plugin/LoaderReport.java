package dev.sallyport.kernel.plugin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which class loaders of plugins there are, and which should be gone.
 *
 * @param plugins each plugin that was loaded since start, by id
 * @param threads each thread of an unloaded plugin that runs on, as a sentence
 */
public record LoaderReport(List<Plugin> plugins, List<String> threads) {

    public LoaderReport {
        plugins = List.copyOf(plugins);
        threads = List.copyOf(threads);
    }

    /**
     * The loaders of one plugin.
     *
     * @param live how many serve now: one for each version that is in use
     * @param retired how many were closed since start
     * @param unreclaimed how many of those the collector has not taken yet; more than one after a collection is a leak
     * @param since when the oldest of these was closed; null for none
     */
    public record Plugin(
            String id,
            int live,
            long retired,
            int unreclaimed,
            @Nullable Instant since) {}
}
