package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service. */
public record UpstreamConfig(
        @Doc("Its instances, written out.") List<Target> targets,

        @Doc("Where its instances are told, in the place of targets: a service under services:, or DNS.") @Nullable
        Discover discover,

        @Doc("How the next instance is chosen.") @Default("round-robin")
        Balance balance,

        @Doc("The Host sent on: the target's (target), the client's (client), or a name.") @Default("target")
        String host,

        @Doc("How long things may take.") @Default("{}") Timeouts timeouts,

        @Doc("The most connections to one target.") @Default("256") @Min(1)
        int maxConnections,

        @Doc("Steps that run once an attempt, after its target is chosen.")
        List<Step> plugins,

        Place place) {

    /** An instance of a service. */
    public record Target(
            @Doc("http://host:port, without a path.") @Shorthand
            URI url,

            @Doc("How many times as often it is chosen as one of weight 1.") @Default("1") @Min(1) @Max(1000)
            int weight,

            Place place) {}

    /** How an instance is chosen. */
    public enum Balance {
        ROUND_ROBIN
    }

    /** How long things may take. */
    public record Timeouts(
            @Doc("Until a connection is made.") @Default("2s") @Min(1)
            Duration connect,

            @Doc("From the request's last byte sent to the head of the response.") @Default("15s") @Min(1)
            Duration firstByte,

            @Doc("Between two reads or writes of a body.") @Default("60s") @Min(1)
            Duration idle,

            @Doc("From the request's head to the response's last byte; nothing limits it if not given.")
            @Min(1)
            @Nullable
            Duration total) {}
}
