package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the target of an attempt is chosen. */
public sealed interface BalanceConfig {

    /** How it is written, without its settings. */
    String told();

    /** In turn, by weight. */
    record RoundRobin() implements BalanceConfig {
        @Override
        public String told() {
            return "round-robin";
        }
    }

    /** By chance, by weight. */
    record Random() implements BalanceConfig {
        @Override
        public String told() {
            return "random";
        }
    }

    /** Of two taken by chance, the one with fewer requests in flight for its weight. */
    record LeastRequests() implements BalanceConfig {
        @Override
        public String told() {
            return "least-requests";
        }
    }

    /** The same value, the same target. */
    record ConsistentHash(
            @Doc("What it goes by: header.NAME, cookie.NAME, client.address or path, for example. Requests without"
                    + " it go in turn.")
            Expression by,

            @Doc("A target with more than so many times its share of the requests in flight is passed over; none is if"
                    + " not given.")
            @Min(1)
            @Nullable
            Double bound)
            implements BalanceConfig {
        @Override
        public String told() {
            return "consistent-hash by " + by;
        }
    }

    /** A cookie leads a client back to the target that it had; the first one is had in turn. */
    record Sticky(
            @Doc("The cookie's name.") @Default("sp") String cookie,

            @Doc("How long the client keeps it; until it is closed, if not given.") @Min(1000) @Nullable
            Duration ttl,

            @Doc("What its values are made with: the same in all gateways that serve one name. Made once, and kept in"
                    + " the data folder, if not given.")
            @Nullable
            Secret key)
            implements BalanceConfig {
        @Override
        public String told() {
            return "sticky by the cookie " + cookie;
        }
    }
}
