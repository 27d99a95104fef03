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

        @Doc("Host and port, where port 0 takes a free one; or unix: and the absolute path of a Unix socket.")
        Address address,

        @Doc("What clients may speak; if not given, http1 and h2c, or http1 and h2 where there is tls. HTTP/3 (h3)"
                + " is not available in this version.")
        List<Protocol> protocols,

        @Doc("TLS, with the certificates that clients are shown; clear text if not given.") @Nullable
        TlsConfig tls,

        @Doc("The proxies in front of this listener whose forwarding headers are believed; none if not given.")
        @Nullable
        TrustedProxies trustedProxies,

        @Doc("What becomes of paths that servers read in different ways.") @Default("{}")
        PathPolicy path,

        @Doc("How long a connection may be idle between two requests.") @Default("60s") @Min(1)
        Duration idle,

        @Doc("How much it takes from clients, and how long it waits for them.") @Default("{}")
        ListenerLimits limits,

        @Doc("required: connections begin with a PROXY header (version 1 or 2), and come from trustedProxies only; the"
                + " client is who it names.")
        @Default("off")
        ProxyProtocol proxyProtocol,

        @Doc("The mode of the Unix socket's file: three octal digits.") @Default("660")
        String socketMode,

        @Doc("Answers every request with a redirect (308) to the same path there: the name of a listener with tls, or"
                + " https:// and a host.")
        @Nullable
        String redirectTo,

        Place place) {

    /** Takes what is usual where no protocols are given. */
    public ListenerConfig {
        if (protocols.isEmpty()) {
            protocols = List.of(Protocol.HTTP1, tls == null ? Protocol.H2C : Protocol.H2);
        }
    }

    /** What clients may speak on a listener. */
    public enum Protocol {
        HTTP1,
        H2,
        H2C,
        H3
    }

    /** Whether connections begin with a PROXY header. */
    public enum ProxyProtocol {
        OFF,
        REQUIRED
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
