package dev.sallyport.records;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.TraceContext;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line in the words of the Elastic Common Schema {@value #VERSION}; what it has no word for stands under
 * {@code sallyport}. What is not known is left out. Names are nested, none has dots.
 */
public final class EcsLines implements Lines {

    /** The version of the schema. */
    public static final String VERSION = "9.4.0";

    private final QueryMask mask;
    private final List<String> headers;
    private final String constant;

    /**
     * Which gateway it is.
     *
     * @param name what others call it; the gateways of one purpose have one name
     * @param node which of them; null where that does not matter
     * @param environment such as {@code production}; null where there is one only
     */
    public record Service(
            String name, @Nullable String node, @Nullable String environment) {

        /** That of a gateway about which nothing was said. */
        public static final Service DEFAULT = new Service("sallyport", null, null);
    }

    /**
     * What the writer knows beside the exchange.
     *
     * @param eventId what tells this event from all others; null for the request's id, which a trusted proxy may choose
     * @param requestBody (a part of) the request's body as it may be written; null for none
     * @param responseBody (a part of) the response's body as it may be written; null for none
     * @param labels further facts, few and by names of the operator's choice; a dot in a name is written as _
     */
    public record Further(
            @Nullable String eventId,
            @Nullable String requestBody,
            @Nullable String responseBody,
            Map<String, String> labels) {

        /** Nothing. */
        public static final Further NONE = new Further(null, null, null, Map.of());

        /** Copies the map. */
        public Further {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Lines of that kind.
     *
     * @param headers further request headers to write, in lower case; they stand in {@code sallyport.headers}
     */
    public EcsLines(QueryMask mask, List<String> headers, Service service) {
        this.mask = mask;
        this.headers = List.copyOf(headers);
        JsonOut same = new JsonOut();
        same.object("ecs").put("version", VERSION).end();
        same.object("service").put("name", service.name()).put("type", "sallyport");
        same.put("environment", service.environment());
        if (service.node() != null) {
            same.object("node").put("name", service.node()).end();
        }
        String text = same.end().text();
        constant = text.substring(1, text.length() - 1);
    }

    @Override
    public String line(Request request, Completion completion) {
        return line(request, completion, Further.NONE);
    }

    /** The line, with what the writer knows beside. */
    public String line(Request request, Completion completion, Further further) {
        Exchange exchange = request.exchange();
        Shown shown = Shown.of(request, mask);
        JsonOut line = new JsonOut().time("@timestamp", exchange.startedAt()).members(constant);
        event(line, exchange, completion, further);
        http(line, shown, completion, further);
        url(line, shown);
        parties(line, exchange);
        String agent = shown.header("user-agent", request.header("user-agent"));
        if (agent != null) {
            line.object("user_agent").put("original", agent).end();
        }
        tls(line, exchange.tls());
        TraceContext trace = exchange.get(TraceContext.OF_EXCHANGE);
        if (trace != null) {
            line.object("trace").put("id", trace.traceId()).end();
            line.object("span").put("id", trace.spanId()).end();
        }
        if (!further.labels().isEmpty()) {
            line.object("labels");
            further.labels().forEach((name, value) -> line.put(name.replace('.', '_'), value));
            line.end();
        }
        own(line, shown, completion);
        return line.text();
    }

    private static void event(JsonOut line, Exchange exchange, Completion completion, Further further) {
        line.object("event")
                .put("id", further.eventId() == null ? exchange.id() : further.eventId())
                .put("kind", "event")
                .json("category", "[\"web\"]")
                .json("type", completion.status() >= 500 ? "[\"access\",\"error\"]" : "[\"access\"]")
                .put("outcome", outcome(completion))
                .put("duration", completion.duration().toNanos())
                .put("reason", completion.failure())
                .put("module", "sallyport")
                .put("dataset", "sallyport.access")
                .end();
    }

    /** Whoever left has not seen how it would have ended. */
    private static String outcome(Completion completion) {
        if (completion.outcome() == Outcome.CLIENT_GONE) {
            return "unknown";
        }
        return completion.outcome() == Outcome.FAILED || completion.status() >= 400 ? "failure" : "success";
    }

    /** Media types are left out: the schema wants those of the content, not those that a header claims. */
    private static void http(JsonOut line, Shown shown, Completion completion, Further further) {
        Request request = shown.request();
        Exchange exchange = request.exchange();
        line.object("http");
        line.object("request")
                .put("id", exchange.id())
                .put("method", request.method())
                .put("referrer", shown.referer());
        body(line, completion.requestBytes(), further.requestBody());
        line.end();
        line.object("response").put("status_code", completion.status());
        body(line, completion.responseBytes(), further.responseBody());
        line.end();
        String protocol = exchange.protocol();
        line.put("version", protocol.startsWith("HTTP/") ? protocol.substring("HTTP/".length()) : protocol)
                .end();
    }

    private static void body(JsonOut line, long bytes, @Nullable String content) {
        line.object("body").put("bytes", bytes);
        if (content != null) {
            line.whole("content", content);
        }
        line.end();
    }

    private static void url(JsonOut line, Shown shown) {
        Request request = shown.request();
        line.object("url").put("scheme", request.exchange().scheme());
        String host = request.header("host");
        if (host != null) {
            int colon = host.lastIndexOf(':');
            boolean hasPort = colon > host.lastIndexOf(']');
            line.put("domain", (hasPort ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT));
            int port = hasPort ? port(host, colon + 1) : -1;
            if (port >= 0) {
                line.put("port", port);
            }
        }
        line.put("path", shown.path()).put("query", shown.query()).end();
    }

    /** A client may write anything there. */
    private static int port(String host, int from) {
        int port = 0;
        for (int i = from; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c < '0' || c > '9' || port > 65_535) {
                return -1;
            }
            port = port * 10 + c - '0';
        }
        return from == host.length() || port > 65_535 ? -1 : port;
    }

    private static void parties(JsonOut line, Exchange exchange) {
        address(line.object("client"), exchange.client()).end();
        InetAddress peer = exchange.peer().getAddress();
        if (peer != null) {
            address(line.object("source"), peer).put("port", exchange.peer().getPort());
            line.end();
        }
        Consumer consumer = exchange.consumer();
        if (consumer != null) {
            line.object("user").put("name", consumer.name()).end();
        }
    }

    /** An address with the zone of an interface is none to those who read it (RFC 4007 §11): the whole event would be refused. */
    private static JsonOut address(JsonOut line, InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return line.put("address", text).put("ip", zone < 0 ? text : text.substring(0, zone));
    }

    private static void tls(JsonOut line, Exchange.@Nullable Tls tls) {
        if (tls == null) {
            return;
        }
        String protocol = tls.protocol();
        line.object("tls")
                .put("established", true)
                .put("version", protocol.startsWith("TLSv") ? protocol.substring("TLSv".length()) : protocol)
                .put("version_protocol", "tls")
                .put("cipher", tls.cipherSuite());
        String subject = tls.clientSubject();
        if (subject != null || tls.serverName() != null) {
            line.object("client")
                    .put("server_name", tls.serverName())
                    .put("subject", subject)
                    .end();
        }
        line.end();
    }

    private void own(JsonOut line, Shown shown, Completion completion) {
        Exchange exchange = shown.request().exchange();
        Attempt attempt = exchange.attempt();
        line.object("sallyport")
                .put("listener", exchange.listener())
                .put("route", exchange.route())
                .put("outcome", JsonLines.outcome(completion));
        if (attempt != null) {
            line.put("upstream", attempt.upstream())
                    .put("target", attempt.shown())
                    .put("attempts", attempt.number());
        }
        shown.headers(line, headers).end();
    }
}
