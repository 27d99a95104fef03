package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where an upstream's targets are told, where they are not written out. */
public sealed interface Discover {

    /** What to speak to the targets, where the source does not say it. */
    Scheme scheme();

    /** Whom it asks for what, for people. */
    String source();

    /** A service of {@code services:}. */
    record Service(
            @Doc("The name of a service under services: that finds targets.")
            String from,

            @Doc("What to ask it for: the service's name, as it has it.")
            String name,

            @Doc("A port's name or number, where it knows several.") @Nullable
            String port,

            @Doc("What to speak to the targets, where it does not say it.") @Default("http")
            Scheme scheme)
            implements Discover {

        @Override
        public String source() {
            return "service " + from + ", " + name + (port == null ? "" : ", port " + port);
        }
    }

    /** Addresses of a name. */
    record Dns(
            @Doc("The name whose addresses (A and AAAA) are the targets.") @Shorthand
            String name,

            @Doc("The port of all of them; 80 if not given, or 443 for https.") @Min(1) @Max(65535) @Nullable
            Integer port,

            @Doc("What to speak to the targets.") @Default("http")
            Scheme scheme,

            @Doc("The name server to ask, host and port; those of this machine if not given.") @Nullable
            Address resolver,

            @Doc("How long its last targets stay where the name has none any more, from the first answer that says so;"
                    + " 0s takes them away at once.")
            @Default("30s")
            Duration hold)
            implements Discover {

        /** The port of all targets. */
        public int ports() {
            return port != null ? port : scheme == Scheme.HTTPS ? 443 : 80;
        }

        @Override
        public String source() {
            return "DNS name " + name;
        }
    }

    /** Hosts, ports and weights of a name. */
    record Srv(
            @Doc("The name whose SRV records tell host, port, weight and priority: _http._tcp.orders.internal.")
            @Shorthand
            String name,

            @Doc("What to speak to the targets.") @Default("http")
            Scheme scheme,

            @Doc("The name server to ask, host and port; those of this machine if not given.") @Nullable
            Address resolver,

            @Doc("How long its last targets stay where the name has none any more, from the first answer that says so;"
                    + " 0s takes them away at once.")
            @Default("30s")
            Duration hold)
            implements Discover {

        @Override
        public String source() {
            return "DNS SRV name " + name;
        }
    }

    /** What to speak to a target. */
    enum Scheme {
        HTTP,
        HTTPS;

        /** As it stands in a URL. */
        public String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
