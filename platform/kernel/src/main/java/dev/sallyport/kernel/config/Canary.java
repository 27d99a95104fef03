package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Shorthand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another version of a step, or other settings for it, that take a part of its requests.
 *
 * @param place where it stands
 */
public record Canary(
        @Doc("Which version of its plugin it is: 2.0.0, ~2.1 or ^2; that of the step if not given.") @Nullable
        String version,

        @Doc("Its settings; those of the step if not given.") @Nullable
        ConfigNode config,

        @Doc("How many of the requests it takes.") @Nullable Percent share,

        @Doc("What keeps a caller on one version, such as consumer or client.address; each request by chance if not"
                + " given. Requests without it stay on the version that serves.")
        @Nullable
        Expression by,

        @Doc("It takes also the requests that any of these take.") @Shorthand
        List<GatewayConfig.When> when,

        @Doc("It takes also the requests of these consumers, named or by their group.")
        List<String> consumers,

        @Doc("When it is promoted or rolled back without a command; never if not given.") @Nullable
        Rule rule,

        Place place) {

    /** In a few words: {@code canary ^2, 5% by consumer}. */
    public String told() {
        List<String> told = new ArrayList<>();
        told.add("canary" + (version == null ? " with other settings" : " " + version));
        if (share != null) {
            told.add(share + (by == null ? "" : " by " + by));
        }
        if (!when.isEmpty()) {
            told.add("when some requests match");
        }
        if (!consumers.isEmpty()) {
            told.add("for " + String.join(" and ", consumers));
        }
        return String.join(", ", told);
    }

    /** When a canary is promoted or rolled back without a command. */
    public record Rule(
            @Doc("It is judged after so many requests through it.") @Default("100") @Min(10)
            int after,

            @Doc("It is rolled back when the share of its requests that fail (an exception, or a status of 500 or more)"
                    + " is greater by more than this.")
            @Default("1%")
            Percent errors,

            @Doc("It is rolled back when its 95th percentile of latency is more than so many times as long.")
            @Default("1.5")
            @Min(1)
            double latency,

            @Doc("It is promoted when it has done well for so long; never if not given.") @Nullable
            Duration promoteAfter) {}
}
