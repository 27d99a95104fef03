package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.Written;
import dev.sallyport.api.processor.ConfigRoot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that {@code gateway.yaml} and its includes say, as they say it: the records are the schema. */
@ConfigRoot("gateway")
public record GatewayConfig(
        @Doc("The version of this format.") @Default("1") @Min(1) @Max(1)
        int version,

        @Doc("Who owns the configuration: these files, or the admin API. Where it is the API, what was applied last"
                + " serves, also after a restart, and of the files only the main one is looked at, for this key.")
        @Default("files")
        Source source,

        @Doc("Where clients connect.") @Min(1) List<ListenerConfig> listeners,
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

        @Doc("What is recorded of single requests.") @Default("{}")
        TraceConfig trace,

        @Doc("Where plugins, scripts and state are kept; relative to the installation.") @Default("{}")
        Folders folders,

        @Doc("Whose plugins are taken.") @Default("{}") TrustConfig trust,

        @Doc("Further files, whose lists and maps are added to these.")
        List<Include> include,

        @Doc("Extensions that are not steps, each with a name and one type: what finds targets, gives secrets, or"
                + " stores what outlives requests.")
        List<ServiceConfig> services,

        @Doc("Who may call, and how they prove it.") List<ConsumerConfig> consumers,
        @Doc("The services behind the gateway, by name.") Map<String, UpstreamConfig> upstreams,

        @Doc("Lists of steps to use in several places, by name.")
        Map<String, List<Step>> chains,

        @Doc("Steps that run on every request, before its route is chosen.")
        List<Step> plugins,

        @Doc("What every route has.") @Default("{}") Defaults defaults,

        @Doc("Which requests go where, and through which steps.")
        List<Route> routes) {

    /** The same without services. */
    public GatewayConfig withoutServices() {
        return new GatewayConfig(
                version, source, listeners, admin, status, requestId, log, drain, limits, trace, folders, trust,
                include, List.of(), consumers, upstreams, chains, plugins, defaults, routes);
    }

    /** Who owns the configuration. */
    public enum Source {
        FILES,
        API
    }

    /** The admin API. */
    public record Admin(
            @Doc("Host and port; beyond loopback with tls only.") @Default("127.0.0.1:9901")
            Address address,

            @Doc("TLS at that address, and which client certificates are good.") @Nullable
            TlsConfig tls,

            @Doc("Who may use it, besides who can read data/admin.token.")
            List<AdminToken> tokens,

            @Doc("How often each of them may call; more is answered with 429. Who has no token that is known may call a"
                    + " tenth as often.")
            @Default("500/s")
            Rate rate,

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

            @Doc("sha256: and the hash of the token, in lower-case hex.") @Nullable
            String hash,

            @Doc("In its place: sha256: and the hash of a client certificate, which stands for a token where tls"
                    + " asks for one.")
            @Nullable
            String certificate,

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
            Map<String, Level> levels,

            @Doc("How long a request may take to the head of its response before a line names the steps and targets"
                    + " that took the time; without it none is.")
            @Min(1)
            @Nullable
            Duration slowRequests) {}

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
            @Doc("How long the gateway goes on as before when it is told to stop, while readyz says no already: so that"
                    + " load balancers have stopped sending by the time that it takes no more connections.")
            @Default("0s")
            Duration notReadyFor,

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

            @Doc("The name of an upstream, or a URL, or a split between several; none where a step answers.") @Nullable
            Destination upstream,

            @Doc("An upstream, or a URL, that gets a copy of the requests; its answers are dropped.")
            Destination.@Nullable Mirror mirror,

            @Doc("How long things may take, in the place of the upstream's.")
            UpstreamConfig.@Nullable Timeouts timeouts,

            @Doc("The longest body of a request, in the place of the listener's; a longer one is answered with 413.")
            @Nullable
            Size maxBody,

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

    /** Which requests pass through a step: conditions that must all hold; within one of them, any of its values. */
    public record When(
            @Doc("Host names, without port: api.example.com or *.example.com.")
            List<String> hosts,

            @Doc("/orders (exact), /orders/** (prefix), /orders/{id} (one segment) or re:/v[12]/.* (regex).")
            List<String> paths,

            @Doc("Methods, in capitals.") List<String> methods,
            @Doc("Headers that must have that value.") Map<String, String> headers,

            @Doc("Query parameters that must have that value.")
            Map<String, String> query,

            @Doc("An expression that must be true: header.x-debug == \"1\" && consumer.tier != \"gold\".")
            @Written("if")
            @Nullable
            Condition condition,

            Place place) {

        /** What it asks beside the expression, in the words of a route's match. */
        public Match match() {
            return new Match(hosts, paths, methods, headers, query, place);
        }

        /** Whether it sets no condition. */
        public boolean isEmpty() {
            return condition == null && match().isEmpty();
        }
    }
}
