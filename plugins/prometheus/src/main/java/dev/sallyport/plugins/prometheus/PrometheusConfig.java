package dev.sallyport.plugins.prometheus;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the service {@code prometheus}.
 *
 * @param histograms in which form durations and sizes are counted
 * @param buckets the upper bounds of classic buckets of durations, rising
 * @param exemplars whether durations lead to traces
 * @param steps whether the time in each step is counted
 * @param jvm whether the process's own metrics are shown
 * @param consumers how many consumers are counted by name
 * @param series how many combinations of labels each metric may have
 * @param forget after how long without a request a combination is no longer shown
 */
public record PrometheusConfig(
        @Doc("In which form durations and sizes are counted: classic (fixed buckets, which each reader knows),"
                + " native (exact to a few per cent; read by Prometheus in protobuf), or both.")
        @Default("both")
        Form histograms,

        @Doc("The upper bounds of classic buckets of durations, rising.")
        @Default("[1ms, 2ms, 5ms, 10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s, 2s, 5s, 10s]")
        List<Duration> buckets,

        @Doc("Whether the duration of a traced request leads to its trace.") @Default("true")
        boolean exemplars,

        @Doc("Whether the time that requests spend in each step is counted.") @Default("false")
        boolean steps,

        @Doc("Whether the memory, threads and collections of the process are shown.") @Default("true")
        boolean jvm,

        @Doc("How many consumers are counted by name, the first that come; the others together. 0 counts none.")
        @Default("0")
        @Min(0)
        @Max(100_000)
        int consumers,

        @Doc("How many combinations of labels each metric may have; what comes beyond is counted together, as other.")
        @Default("20000")
        @Min(1)
        @Max(1_000_000)
        int series,

        @Doc("After how long without a request a combination of labels is no longer shown, such as that of a route"
                + " that is gone.")
        @Default("1h")
        @Min(1)
        Duration forget) {

    /** In which form values are counted. */
    public enum Form {
        CLASSIC,
        NATIVE,
        BOTH
    }

    /** @throws ConfigException where the bounds do not rise */
    public PrometheusConfig {
        buckets = List.copyOf(buckets);
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.get(i).compareTo(i == 0 ? Duration.ZERO : buckets.get(i - 1)) <= 0) {
                throw new ConfigException("buckets", buckets + " (expected: durations that rise, the first above 0)");
            }
        }
    }
}
