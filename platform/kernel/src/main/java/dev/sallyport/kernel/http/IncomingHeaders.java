package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.ListenerConfig.ForwardingHeader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes, of the fields that a client has sent, those that steps see and upstreams get. In one pass:
 *
 * <ol>
 *   <li>the fields of the connection are taken off ({@link HopByHop});
 *   <li>the fields that tell of the client are taken off and set anew from what is believed: {@code X-Forwarded-For},
 *       {@code -Host}, {@code -Proto}, {@code -Port}, {@code X-Real-IP} and {@code Forwarded}. Behind a trusted proxy the
 *       believed one of {@code X-Forwarded-For} and {@code Forwarded} is kept and the peer put last in it; where that is
 *       {@code X-Forwarded-For}, other {@code X-Forwarded-…} fields ({@code -Prefix}) stay too. All else of them is
 *       dropped, also where a name is written with underscores;
 *   <li>the gateway is added to {@code Via}.
 * </ol>
 *
 * It is done once, when a request has come in, so steps can rely on these fields as upstreams can.
 */
public final class IncomingHeaders {

    private IncomingHeaders() {}

    /**
     * The fields to go on with.
     *
     * @param raw as they came, {@code Host} among them
     * @param origin as {@link ClientAddress} found it from the same fields
     * @param protocol by which the request came: {@code HTTP/1.1} or {@code HTTP/2}
     * @param idHeader the name of the field that tells the request's id, which is put in the place of any that came
     */
    public static Headers of(Headers raw, Origin origin, String protocol, String idHeader, String id) {
        HopByHop hop = HopByHop.of(raw);
        Headers.Builder result = Headers.builder(raw.size() + 8);
        for (int i = 0; i < raw.size(); i++) {
            String name = raw.name(i);
            if (!hop.drops(name)
                    && !name.equalsIgnoreCase(idHeader)
                    && (!ForwardingFields.contains(name) || staysFromProxy(name, origin))) {
                result.add(raw, i);
            }
        }
        String client = AddressText.of(origin.client());
        String host = host(raw, origin);
        result.add(ForwardingFields.FOR, forwardedFor(raw, origin, client));
        if (host != null) {
            result.add(ForwardingFields.HOST, host);
        }
        return result.add(ForwardingFields.PROTO, origin.scheme())
                .add(ForwardingFields.PORT, Integer.toString(origin.port()))
                .add(ForwardingFields.REAL_IP, client)
                .add(ForwardingFields.FORWARDED, forwarded(raw, origin, client, host))
                .add("Via", Via.entry(protocol))
                .add(idHeader, id)
                .build();
    }

    private static @Nullable String host(Headers raw, Origin origin) {
        Authority host = origin.host();
        String sent = raw.get("host");
        return host == null ? null : origin.isTrusted() || sent == null ? host.toString() : host.written(sent);
    }

    /** Whether it is an {@code X-Forwarded-…} field beyond those that are set anew, from a proxy that is believed. */
    private static boolean staysFromProxy(String name, Origin origin) {
        if (origin.believed() != ForwardingHeader.X_FORWARDED_FOR || ForwardingFields.isDisguised(name)) {
            return false;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "forwarded",
                    "x-real-ip",
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-forwarded-proto",
                    "x-forwarded-port" -> false;
            default -> true;
        };
    }

    private static String forwardedFor(Headers raw, Origin origin, String client) {
        if (origin.believed() == ForwardingHeader.X_FORWARDED_FOR) {
            return after(raw, ForwardingFields.FOR, AddressText.of(origin.peer()));
        }
        if (origin.hops().size() == 1) {
            return client;
        }
        StringBuilder result = new StringBuilder();
        for (InetAddress address : origin.hops()) {
            result.append(result.isEmpty() ? "" : ", ").append(AddressText.of(address));
        }
        return result.toString();
    }

    private static String forwarded(Headers raw, Origin origin, String client, @Nullable String host) {
        if (origin.believed() == ForwardingHeader.FORWARDED && isBalanced(raw)) {
            return after(raw, ForwardingFields.FORWARDED, element(origin.peer()));
        }
        String quote = host == null || host.indexOf(':') < 0 ? "" : "\""; // quoted where it is no token (RFC 7239 §4)
        String first = host == null
                ? element(origin.client(), client) + ";proto=" + origin.scheme()
                : element(origin.client(), client) + ";host=" + quote + host + quote + ";proto=" + origin.scheme();
        if (origin.hops().size() == 1) {
            return first;
        }
        StringBuilder result = new StringBuilder(first);
        List<InetAddress> proxies = origin.hops().subList(1, origin.hops().size());
        proxies.forEach(proxy -> result.append(", ").append(element(proxy)));
        return result.toString();
    }

    /** A quote left open by a client would hide from readers what proxies have put after it. */
    private static boolean isBalanced(Headers raw) {
        return raw.all(ForwardingFields.FORWARDED).stream()
                .allMatch(line -> line.indexOf('\\') < 0
                        && line.chars().filter(c -> c == '"').count() % 2 == 0);
    }

    private static String element(InetAddress address) {
        return element(address, AddressText.of(address));
    }

    private static String element(InetAddress address, String text) {
        return address instanceof Inet6Address ? "for=\"[" + text + "]\"" : "for=" + text;
    }

    private static String after(Headers raw, String name, String last) {
        StringBuilder result = new StringBuilder(64);
        for (String line : raw.all(name)) {
            if (!line.isBlank()) {
                result.append(line).append(", ");
            }
        }
        return result.append(last).toString();
    }
}
