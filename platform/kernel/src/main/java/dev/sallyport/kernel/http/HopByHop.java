package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.trace.Tracing;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The fields that concern one connection and are not passed on (RFC 9110 §7.6.1): those of the RFC, those that
 * {@code Connection} names, the credentials between a client and a forward proxy, {@code Expect}, which the gateway
 * answers itself, and the one by which it is asked to record a request.
 *
 * <p>It is applied to what has come from the wire, before anything is added: so a client's {@code Connection} field can
 * never take off what the gateway or a step has set. Beyond that, a field that a peer may rely on for security or
 * framing stays also where {@code Connection} names it: fields of forwarding, credentials, routing, caching, content.
 * (nginx, HAProxy and Envoy honour no names at all; Traefik has had to learn to protect such fields.)
 *
 * <p>It relies on the HTTP parser for framing: a request with {@code Transfer-Encoding} beside {@code Content-Length},
 * with two different lengths, with folded lines, bare CR or NUL, or a name that is no token never comes this far.
 */
public final class HopByHop {

    /** {@code Trailer} is not among them: trailers are passed on. */
    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "expect",
            Tracing.HEADER);

    private static final Set<String> NEVER_BY_NAME = Set.of(
            "host",
            "content-length",
            "content-type",
            "content-encoding",
            "content-range",
            "date",
            "authorization",
            "cookie",
            "set-cookie",
            "www-authenticate",
            "origin",
            "cache-control",
            "pragma",
            "vary",
            "etag",
            "last-modified",
            "expires",
            "age",
            "location",
            "range",
            "via",
            "max-forwards",
            "strict-transport-security",
            "content-security-policy",
            "traceparent",
            "tracestate",
            "x-request-id");

    /** Those that always go, by their length, since every field of every request is looked up. */
    private static final String[][] BY_LENGTH = byLength();

    private static final HopByHop USUAL = new HopByHop(Set.of());

    private final Set<String> named;

    private HopByHop(Set<String> named) {
        this.named = named;
    }

    /** What to take off a message with these fields. */
    public static HopByHop of(Headers headers) {
        Set<String> named = Set.of();
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase("connection")) {
                for (String option : headers.value(i).split(",", -1)) {
                    String name = option.strip().toLowerCase(Locale.ROOT);
                    if (!name.isEmpty() && !ALWAYS.contains(name) && !isProtected(name)) {
                        named = named.isEmpty() ? new HashSet<>() : named;
                        named.add(name);
                    }
                }
            }
        }
        return named.isEmpty() ? USUAL : new HopByHop(named);
    }

    private static String[][] byLength() {
        int longest = ALWAYS.stream().mapToInt(String::length).max().orElse(0);
        return IntStream.rangeClosed(0, longest)
                .mapToObj(length ->
                        ALWAYS.stream().filter(name -> name.length() == length).toArray(String[]::new))
                .toArray(String[][]::new);
    }

    /** The fields that are passed on; the same instance where all are. */
    public static Headers strip(Headers headers) {
        HopByHop hop = of(headers);
        int kept = 0;
        for (int i = 0; i < headers.size(); i++) {
            kept += hop.drops(headers.name(i)) ? 0 : 1;
        }
        if (kept == headers.size()) {
            return headers;
        }
        Headers.Builder result = Headers.builder(kept);
        for (int i = 0; i < headers.size(); i++) {
            if (!hop.drops(headers.name(i))) {
                result.add(headers, i);
            }
        }
        return result.build();
    }

    /** Whether the fields of that name are not passed on. */
    public boolean drops(String name) {
        if (name.length() < BY_LENGTH.length) {
            for (String always : BY_LENGTH[name.length()]) {
                if (name.equalsIgnoreCase(always)) {
                    return true;
                }
            }
        }
        return !named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The protocol that a client asks to switch to (RFC 9110 §7.8), in lower case; null where it asks for none, or for
     * {@code h2c}, which is the listener's business.
     */
    public static @Nullable String upgrade(Headers headers) {
        String upgrade = headers.get("upgrade");
        if (upgrade == null || !lists(headers, "connection", "upgrade")) {
            return null;
        }
        String first = upgrade.split(",", 2)[0].strip().toLowerCase(Locale.ROOT);
        return first.isEmpty() || first.equals("h2c") ? null : first;
    }

    /** Whether the client takes trailers: {@code TE: trailers} (RFC 9110 §10.1.4). */
    public static boolean acceptsTrailers(Headers headers) {
        return lists(headers, "te", "trailers");
    }

    /** Whether the sender will send nothing more over this connection (RFC 9112 §9.6). */
    static boolean asksToClose(Headers headers) {
        return lists(headers, "connection", "close");
    }

    private static boolean lists(Headers headers, String name, String member) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                for (String option : headers.value(i).split(",", -1)) {
                    if (option.strip().equalsIgnoreCase(member)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isProtected(String name) {
        return NEVER_BY_NAME.contains(name) || ForwardingFields.contains(name);
    }
}
