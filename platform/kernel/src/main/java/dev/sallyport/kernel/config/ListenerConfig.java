package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address to listen on. */
public record ListenerConfig(
        @Doc("Its name in logs, metrics and errors.") String name,
        @Doc("Host and port; port 0 takes a free one.") Address address,

        @Doc("What clients may speak.") @Default("[http1, h2c]")
        List<Protocol> protocols,

        @Doc("The proxies in front of this listener whose forwarding headers are believed; none if not given.")
        @Nullable
        TrustedProxies trustedProxies,

        @Doc("What becomes of paths that servers read in different ways.") @Default("{}")
        PathPolicy path,

        @Doc("How long a connection may be idle between two requests.") @Default("60s") @Min(1)
        Duration idle,

        @Doc("How much it takes from clients, and how long it waits for them.") @Default("{}")
        ListenerLimits limits,

        Place place) {

    /** What clients may speak on a listener. */
    public enum Protocol {
        HTTP1,
        H2C
    }

    /** Proxies whose word about the client's address is believed. */
    public record TrustedProxies(
            @Doc("Their addresses.") @Min(1) List<Cidr> cidrs,

            @Doc("The header that they append to.") @Default("x-forwarded-for")
            ForwardingHeader header,

            @Doc("The most hops to believe; all of them if not given.") @Min(1) @Nullable
            Integer hops) {}

    /** The headers that tell a client's address. */
    public enum ForwardingHeader {
        X_FORWARDED_FOR,
        FORWARDED
    }
}
