package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.Written;
import dev.sallyport.api.processor.ConfigRoot;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that {@code gateway.yaml} and its includes say, as they say it: the records are the schema. */
@ConfigRoot("gateway")
public record GatewayConfig(
        @Doc("The version of this format.") @Default("1") @Min(1) @Max(1)
        int version,

        @Doc("Where clients connect.") @Min(1) List<Listener> listeners,
        @Doc("The admin API.") @Default("{}") Admin admin,

        @Doc("Health and metrics, without a token.") @Default("{}")
        Status status,

        @Doc("The id that each request carries through the gateway.") @Default("{}")
        RequestId requestId,

        @Doc("The gateway's own log.") @Default("{}") Log log,

        @Doc("How long requests that began before a change, or before the gateway is told to stop, are waited for.")
        @Default("{}")
        Drain drain,

        @Doc("How much there may be at once.") @Default("{}")
        Limits limits,

        @Doc("Where plugins, scripts and state are kept; relative to the installation.") @Default("{}")
        Folders folders,

        @Doc("Whose plugins are taken.") @Default("{}") TrustConfig trust,

        @Doc("Further files, whose lists and maps are added to these.")
        List<Include> include,

        @Doc("Extensions that are not steps: stores, secret sources, exporters. No plugin of this version offers one.")
        List<ConfigNode> services,

        @Doc("Who may call, and how they prove it.") List<ConsumerConfig> consumers,
        @Doc("The services behind the gateway, by name.") Map<String, Upstream> upstreams,

        @Doc("Lists of steps to use in several places, by name.")
        Map<String, List<Step>> chains,

        @Doc("Steps that run on every request, before its route is chosen.")
        List<Step> plugins,

        @Doc("What every route has.") @Default("{}") Defaults defaults,

        @Doc("Which requests go where, and through which steps.")
        List<Route> routes) {

    /** An address to listen on. */
    public record Listener(
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

            Place place) {}

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

    /** The admin API. */
    public record Admin(
            @Doc("Host and port, on loopback.") @Default("127.0.0.1:9901")
            Address address,

            @Doc("Who may use it, besides who can read data/admin.token.")
            List<AdminToken> tokens,

            @Doc("Which plugins may be uploaded: none, those that a publisher has signed or trust.hashes lists, or"
                    + " any. A plugin can do all that the gateway can.")
            @Default("off")
            Upload pluginUpload) {}

    /** A token of the admin API. */
    public record AdminToken(
            @Doc("Who uses it: the author of changes, in history and audit log.")
            String name,

            @Doc("What it may do: look (read), also change what is there (operate), or also bring in code (admin).")
            Role role,

            @Doc("sha256: and the hash of the token, in lower-case hex.")
            String hash,

            Place place) {}

    /** What a token of the admin API may do; each may also do what those before it may. */
    public enum Role {
        READ,
        OPERATE,
        ADMIN
    }

    /** Which plugins may be uploaded. */
    public enum Upload {
        OFF,
        TRUSTED,
        ANY
    }

    /** The status address. */
    public record Status(
            @Doc("Host and port.") @Default("127.0.0.1:9902")
            Address address) {}

    /** The request id. */
    public record RequestId(
            @Doc("The header that carries it.") @Default("x-request-id")
            String header,

            @Doc("Whose ids are kept: those of trusted proxies, everybody's, or nobody's.") @Default("trusted")
            Inbound inbound) {}

    /** Whose request ids are kept. */
    public enum Inbound {
        TRUSTED,
        ALWAYS,
        NEVER
    }

    /** The gateway's own log. */
    public record Log(
            @Doc("The least severe level that is written.") @Default("info")
            Level level,

            @Doc("Text for people or JSON lines for machines.") @Default("text")
            LogFormat format,

            @Doc("stderr, stdout, or a file.") @Default("stderr")
            String to,

            @Doc("Other levels for some loggers, by name: a filter type or a Java package.")
            Map<String, Level> levels) {}

    /** How the log is written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** Levels of the log. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR,
        OFF
    }

    /** How much there may be at once, and for how long. */
    public record Limits(
            @Doc("The most requests under way, over all listeners; more are answered with 503.")
            @Default("20000")
            @Min(1)
            int inFlight,

            @Doc("How long a request may stay in one step, without what comes after it, before the step is named in the"
                    + " log.")
            @Default("1s")
            @Min(1)
            Duration stepTime) {}

    /** How long exchanges under way are waited for. */
    public record Drain(
            @Doc("After a change of what they run through; those that a change does not concern are not waited for.")
            @Default("5m")
            @Min(1)
            Duration afterSwap,

            @Doc("When the gateway stops.") @Default("30s") @Min(1)
            Duration atStop) {}

    /** Where things are kept. */
    public record Folders(
            @Doc("Plugin jars are dropped here.") @Default("plugins")
            String plugins,

            @Doc("JavaScript transforms.") @Default("scripts")
            String scripts,

            @Doc("The gateway's own state.") @Default("data")
            String data,

            @Doc("Whether plugins and scripts may be writable by others than their owner, who can run code then.")
            @Default("refused")
            Writable writable) {}

    /** Whether folders with code may be writable by group and others. */
    public enum Writable {
        REFUSED,
        ACCEPTED
    }

    /** Files that are added. */
    public record Include(
            @Doc("Names or patterns such as conf.d/*.yaml, relative to the file that names them.") @Shorthand @Min(1)
            List<String> files,

            @Doc("The only hosts that their routes may match; all if not given.")
            List<String> hosts,

            @Doc("The secrets that they may read, such as env:SHOP_*; none if not given.")
            List<String> secrets,

            @Doc("Whether an error in them refuses the whole configuration, or keeps their last good content.")
            @Default("fail")
            IncludeError onError,

            Place place) {}

    /** What an error in an include does. */
    public enum IncludeError {
        FAIL,
        @Written("keepLast")
        KEEP_LAST
    }

    /** A caller. */
    public record ConsumerConfig(
            @Doc("Unique.") String name,
            @Doc("The groups it belongs to.") List<String> groups,
            @Doc("Further facts about it.") Map<String, String> tags,
            @Doc("How it proves who it is.") List<CredentialConfig> credentials,
            Place place) {}

    /** A service. */
    public record Upstream(
            @Doc("Its instances.") @Min(1) List<Target> targets,

            @Doc("How the next instance is chosen.") @Default("round-robin")
            Balance balance,

            @Doc("The Host sent on: the target's (target), the client's (client), or a name.") @Default("target")
            String host,

            @Doc("How long things may take.") @Default("{}") Timeouts timeouts,

            @Doc("The most connections to one target.") @Default("256") @Min(1)
            int maxConnections,

            @Doc("Steps that run once an attempt, after its target is chosen.")
            List<Step> plugins,

            Place place) {}

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

    /** What every route has. */
    public record Defaults(
            @Doc("Steps put in front of each route's own.") List<Step> plugins) {}

    /** Which requests go where. */
    public record Route(
            @Doc("Unique.") String name,

            @Doc("The requests that it takes; of several, any.") @Shorthand
            List<Match> match,

            @Doc("The ids of default steps to leave out.") List<String> skip,

            @Doc("Its steps, in this order; the response passes back in reverse.")
            List<Step> plugins,

            @Doc("The name of an upstream, or a URL; none where a step answers.") @Nullable
            String upstream,

            @Doc("How long things may take, in the place of the upstream's.") @Nullable
            Timeouts timeouts,

            Place place) {}

    /** Conditions that must all hold; within one of them, any of its values. */
    public record Match(
            @Doc("Host names, without port: api.example.com or *.example.com.")
            List<String> hosts,

            @Doc("/orders (exact), /orders/** (prefix), /orders/{id} (one segment) or re:/v[12]/.* (regex).")
            List<String> paths,

            @Doc("Methods, in capitals.") List<String> methods,
            @Doc("Headers that must have that value.") Map<String, String> headers,

            @Doc("Query parameters that must have that value.")
            Map<String, String> query,

            Place place) {

        /** Whether it sets no condition. */
        public boolean isEmpty() {
            return hosts.isEmpty() && paths.isEmpty() && methods.isEmpty() && headers.isEmpty() && query.isEmpty();
        }
    }
}
