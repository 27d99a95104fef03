package dev.sallyport.api;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: what both have in common, and the place where steps leave data for each other.
 *
 * <p>Steps use it from the thread that runs them; completion listeners may run on another one, after the last step.
 */
public interface Exchange {

    /** The request id, which also goes upstream and back to the client. */
    String id();

    /** The name of the listener that accepted the connection. */
    String listener();

    /** The name of the route; null before a route is chosen. */
    @Nullable
    String route();

    /** The path parameters of the route's match, decoded: {@code id} of {@code /orders/{id}}. */
    Map<String, String> parameters();

    /**
     * The path of the match that has chosen the route, as the configuration writes it: {@code /orders/{id}}. There are few of
     * them whatever clients send, so it is fit for metrics.
     *
     * @return null before a route is chosen, and where the match names no path
     */
    default @Nullable String matchedPath() {
        return null;
    }

    /** Whether the listener trusts the peer as a proxy, so that what it says of others is to be believed. */
    default boolean isPeerTrusted() {
        return false;
    }

    /** {@code http} or {@code https}, as the client used it towards the first trusted hop. */
    String scheme();

    /** {@code HTTP/1.1} or {@code HTTP/2}. */
    String protocol();

    /** The client: the rightmost address of the forwarding header that is not a trusted proxy, else the peer's. */
    InetAddress client();

    /** The other end of the connection. */
    InetSocketAddress peer();

    /** What TLS agreed on; null for a connection in clear text. */
    @Nullable
    Tls tls();

    /** When the request's head had been read. */
    Instant startedAt();

    /** How long ago that was; monotonic. */
    Duration elapsed();

    /** When the gateway gives this exchange up; null where nothing limits it. */
    @Nullable
    Instant deadline();

    /** Who sent the request, once a step has said so; null before. */
    @Nullable
    Consumer consumer();

    /** Says who sent the request; for the step that has verified it. */
    void authenticated(Consumer consumer);

    /** What was left under that key; null where nothing was. */
    <T> @Nullable T get(Attribute<T> key);

    /** Leaves a value for later steps. */
    <T> void put(Attribute<T> key, T value);

    /** The try at a target that is under way or was the last one; null before the first. */
    @Nullable
    Attempt attempt();

    /**
     * Limits each attempt from now on, for a step that tries again: it waits no longer than that for a connection, nor then
     * for the head of the response, also where the upstream's {@code timeouts} allow more.
     *
     * @param most above 0; null for what those say
     */
    void attemptTimeout(@Nullable Duration most);

    /**
     * The way to another upstream than the route's, past all steps behind this one: its targets, balance, health and timeouts
     * apply, and the steps of its attempts run. Like {@code next} it is for this exchange and the step's own thread, while the
     * step runs; a body that has been sent already must be replayable to go there.
     *
     * @param name an upstream that the step's settings name ({@link dev.sallyport.api.config.UpstreamName})
     * @throws IllegalStateException where no step's settings name it, or the step is only {@linkplain FilterContext#monitored
     *     monitored}
     */
    default Next upstream(String name) {
        throw new IllegalStateException("upstream " + name + " (expected: one that the settings of a step name)");
    }

    /**
     * Notes something about this step's work that a person who looks at a trace should see. No secrets.
     *
     * @param name what it is, camelCase
     * @param value a string, number or boolean
     */
    void note(String name, Object value);

    /** Calls back once, when the last byte has been written or the exchange has failed; in reverse order of registration. */
    void onComplete(CompletionListener listener);

    /**
     * Sends an interim response (103 Early Hints, RFC 8297) at once, where the client's protocol has them.
     *
     * @param status 102 to 199
     */
    void interim(int status, Headers headers);

    /** Hears of the end of an exchange. */
    @FunctionalInterface
    interface CompletionListener {
        void completed(Completion completion);
    }

    /**
     * What TLS agreed on. Immutable.
     *
     * @param protocol such as {@code TLSv1.3}
     * @param cipherSuite its standard name
     * @param serverName the name that the client asked for (SNI); null where it asked for none
     * @param clientCertificates the client's verified certificate first, then its issuers as far as the client has sent
     *     them; empty where it showed none
     */
    record Tls(
            String protocol,
            String cipherSuite,
            @Nullable String serverName,
            List<X509Certificate> clientCertificates) {

        /** Copies the list. */
        public Tls {
            clientCertificates = List.copyOf(clientCertificates);
        }

        /** The subject of the client's verified certificate (RFC 2253); null where it showed none. */
        public @Nullable String clientSubject() {
            return clientCertificates.isEmpty()
                    ? null
                    : clientCertificates.getFirst().getSubjectX500Principal().getName();
        }
    }
}
