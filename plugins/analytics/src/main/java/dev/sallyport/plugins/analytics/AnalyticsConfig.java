package dev.sallyport.plugins.analytics;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the step {@code analytics}.
 *
 * @param clients how clients are told apart
 * @param series how many combinations of route, consumer, status and client are counted apart in a minute
 * @param top how many paths are watched in a minute
 * @param samples how many failed requests of a minute are kept
 * @param keepMinutes how long minutes are kept
 * @param keepHours how long hours are kept
 * @param maxSize how much of the disk they may take
 * @param maskQuery further names of query parameters whose values are not kept
 */
public record AnalyticsConfig(
        @Doc("How clients are told apart: prefix, by /24 of IPv4 and /64 of IPv6; address; or off, not at all.")
        @Default("prefix")
        Clients clients,

        @Doc("How many combinations of route, consumer, status and client are counted apart in a minute; what comes"
                + " beyond is counted together.")
        @Default("2000")
        @Min(16)
        @Max(10_000)
        int series,

        @Doc("How many paths are watched in a minute, for the list of those asked for most.")
        @Default("200")
        @Min(10)
        @Max(1_000)
        int top,

        @Doc("How many failed requests of a minute are kept as samples.") @Default("20") @Min(0) @Max(1_000)
        int samples,

        @Doc("How long minutes are kept; older ones become hours.") @Default("1d")
        Duration keepMinutes,

        @Doc("How long hours are kept.") @Default("31d") Duration keepHours,

        @Doc("How much of the disk all of it may take; the oldest is deleted where it is more.") @Default("256MiB")
        Size maxSize,

        @Doc("Names of query parameters whose values are *** in samples, beside access_token, password and their like.")
        List<String> maskQuery) {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Size LEAST = new Size(1 << 20);

    /** @throws ConfigException where one key contradicts another */
    public AnalyticsConfig {
        maskQuery = List.copyOf(maskQuery);
        if (keepMinutes.compareTo(HOUR) < 0) {
            throw new ConfigException("keepMinutes", keepMinutes.toSeconds() + "s (expected: 1h or more)");
        }
        if (keepHours.compareTo(keepMinutes) < 0) {
            throw new ConfigException(
                    "keepHours",
                    keepHours.toHours() + "h (expected: not less than keepMinutes); hours come after them");
        }
        if (maxSize.compareTo(LEAST) < 0) {
            throw new ConfigException("maxSize", maxSize + " (expected: " + LEAST + " or more)");
        }
    }
}
