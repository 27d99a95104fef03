package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Shorthand;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service. */
public record UpstreamConfig(
        @Doc("Its instances, written out.") List<Target> targets,

        @Doc("Where its instances are told, in the place of targets: a service under services:, or DNS.") @Nullable
        Discover discover,

        @Doc("How the next instance is chosen.") @Default("round-robin")
        BalanceConfig balance,

        @Doc("How they are asked whether they are well; they are not if not given.") @Nullable
        HealthConfig health,

        @Doc("When one is not used for a while, by what becomes of its requests; each is used if not given.") @Nullable
        OutliersConfig outliers,

        @Doc("Where a smaller share than this is well, all are used, as if all were; or off.") @Default("50%")
        Panic panic,

        @Doc("How long one that comes in, or back, takes to have its whole share of the requests; at once if not"
                + " given.")
        @Min(1)
        @Nullable
        Duration slowStart,

        @Doc("The most requests under way to all of them; more are answered with 503. As many as come if not given.")
        @Min(1)
        @Nullable
        Integer maxRequests,

        @Doc("How many requests may wait for an answer, found from how long answers take: more are answered with 503."
                + " As many as come if not given.")
        @Nullable
        ConcurrencyConfig adaptiveConcurrency,

        @Doc("The Host sent on: the target's (target), the client's (client), or a name.") @Default("target")
        String host,

        @Doc("What its targets speak: http1, or h2 (by ALPN with https, else in clear text with prior knowledge).")
        @Default("http1")
        Protocol protocol,

        @Doc("TLS with its targets of https.") @Default("{}")
        Tls tls,

        @Doc("How long things may take.") @Default("{}") Timeouts timeouts,

        @Doc("The most connections to one target.") @Default("256") @Min(1)
        int maxConnections,

        @Doc("The most requests that wait for one of them; to more the target counts as unavailable.")
        @Default("1024")
        @Min(0)
        int maxPending,

        @Doc("How long a connection is kept without a request.") @Default("15s") @Min(1)
        Duration keepAlive,

        @Doc("Steps that run once an attempt, after its target is chosen.")
        List<Step> plugins,

        Place place) {

    /** An instance of a service. */
    public record Target(
            @Doc("http://host:port or https://host:port, without a path; or unix:/path of a socket.") @Shorthand
            URI url,

            @Doc("How many times as often it is chosen as one of weight 1.") @Default("1") @Min(1) @Max(1000)
            int weight,

            @Doc("Whether it is used only where none that is not a backup can be.")
            boolean backup,

            Place place) {}

    /** TLS with targets of https. Files are looked for beside the one that names them, and read anew when they change. */
    public record Tls(
            @Doc("A PEM file with the authorities that are trusted, instead of those of the JDK.") @Nullable
            Path ca,

            @Doc("The name that is asked for (SNI) and must be in the target's certificate; by default the Host"
                    + " sent on, or the target's own where that is the client's.")
            @Nullable
            String serverName,

            @Doc("Whether the target's certificate is verified. With false anybody on the way can read and change"
                    + " everything.")
            @Default("true")
            boolean verify,

            @Doc("A PEM file: the certificate that is shown to targets that ask for one, then each one's issuer.")
            @Nullable
            Path certificate,

            @Doc("A PEM file with its key, without a password: PKCS#8, PKCS#1 or EC.") @Nullable
            Path key) {

        /** What the JDK trusts. */
        public static final Tls USUAL = new Tls(null, null, true, null, null);

        /** The same with a name of the server, unless it has one. */
        public Tls named(@Nullable String name) {
            return serverName != null || name == null ? this : new Tls(ca, name, verify, certificate, key);
        }
    }

    /** What targets speak. */
    public enum Protocol {
        HTTP1,
        H2
    }

    /**
     * Below which share of targets that are well all are used.
     *
     * @param share of a hundred; 0 where that is never done
     */
    public record Panic(double share) {

        /**
         * Reads the written form.
         *
         * @throws IllegalArgumentException where it is not one
         */
        public static Panic parse(String text) {
            if (text.equals("off")) {
                return new Panic(0);
            }
            try {
                return new Panic(Percent.parse(text).value());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        text + " (expected: a percentage such as 50%, or off); write a" + " number up to 100, and %",
                        e);
            }
        }

        /** The written form. */
        @Override
        public String toString() {
            return share == 0 ? "off" : new Percent(share).toString();
        }
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
