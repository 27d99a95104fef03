package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.ListenerConfig.ForwardingHeader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

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
     */
    public static Headers of(Headers raw, Origin origin, String protocol) {
        HopByHop hop = HopByHop.of(raw);
        Headers.Builder result = Headers.builder(raw.size() + 7);
        for (int i = 0; i < raw.size(); i++) {
            String name = raw.name(i);
            if (!hop.drops(name) && (!ForwardingFields.contains(name) || staysFromProxy(name, origin))) {
                result.add(raw, i);
            }
        }
        String client = AddressText.of(origin.client());
        result.add(ForwardingFields.FOR, forwardedFor(raw, origin, client));
        if (origin.host() != null) {
            result.add(ForwardingFields.HOST, origin.host().toString());
        }
        return result.add(ForwardingFields.PROTO, origin.scheme())
                .add(ForwardingFields.PORT, Integer.toString(origin.port()))
                .add(ForwardingFields.REAL_IP, client)
                .add(ForwardingFields.FORWARDED, forwarded(raw, origin, client))
                .add("Via", Via.entry(protocol))
                .build();
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

    private static String forwarded(Headers raw, Origin origin, String client) {
        if (origin.believed() == ForwardingHeader.FORWARDED && isBalanced(raw)) {
            return after(raw, ForwardingFields.FORWARDED, element(origin.peer()));
        }
        StringBuilder result = new StringBuilder(80).append(element(origin.client(), client));
        if (origin.host() != null) {
            // quoted where it is no token (RFC 7239 §4)
            String host = origin.host().toString();
            boolean token = host.indexOf(':') < 0;
            result.append(";host=").append(token ? host : '"' + host + '"');
        }
        result.append(";proto=").append(origin.scheme());
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
