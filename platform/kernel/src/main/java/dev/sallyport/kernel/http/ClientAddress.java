package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.ListenerConfig.ForwardingHeader;
import dev.sallyport.kernel.config.ListenerConfig.TrustedProxies;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client behind trusted proxies. Immutable and thread-safe; one for each listener.
 *
 * <p>From the peer on, it goes through the forwarding header from right to left for as long as the address reached is
 * trusted, at most as many hops as are allowed. The first address that is not trusted is the client: what stands further
 * left was written by it, or by somebody whom nobody vouches for. Where an entry is no address ({@code unknown}, a hidden
 * name, rubbish), it stops at the proxy that reported it.
 *
 * <p>Scheme, host and port are those that the same element tells ({@code Forwarded}), or the fields
 * {@code X-Forwarded-Proto}, {@code -Host} and {@code -Port}: where such a field is a list, the member at the client's
 * place from the right. The header that is not the believed one is never read.
 */
public final class ClientAddress {

    private final @Nullable AddressSet trusted;
    private final ForwardingHeader header;
    private final int maxHops;

    /** @param proxies null where no peer is trusted */
    public ClientAddress(@Nullable TrustedProxies proxies) {
        trusted = proxies == null ? null : new AddressSet(proxies.cidrs());
        header = proxies == null ? ForwardingHeader.X_FORWARDED_FOR : proxies.header();
        Integer hops = proxies == null ? null : proxies.hops();
        maxHops = hops == null ? Integer.MAX_VALUE : hops;
    }

    /**
     * Where a request came from.
     *
     * @param peer the other end of the connection
     * @param scheme of the connection: {@code http} or {@code https}
     * @param headers as they came, {@code Host} among them
     */
    public Origin origin(InetAddress peer, String scheme, Headers headers) {
        Authority host = authority(headers.get("host"));
        if (trusted == null || !trusted.contains(peer)) {
            return new Origin(List.of(peer), null, scheme, host, port(host, scheme));
        }
        return header == ForwardingHeader.FORWARDED
                ? byForwarded(trusted, peer, scheme, host, headers)
                : byForwardedFor(trusted, peer, scheme, host, headers);
    }

    private Origin byForwardedFor(
            AddressSet proxies, InetAddress peer, String scheme, @Nullable Authority host, Headers headers) {
        List<InetAddress> hops = new ArrayList<>(2);
        hops.add(peer);
        ForwardedList list = new ForwardedList(headers, ForwardingFields.FOR, false);
        while (goesOn(proxies, hops)) {
            String entry = list.next();
            InetAddress address = entry == null ? null : AddressText.parse(entry);
            if (address == null) {
                break;
            }
            hops.addFirst(address);
        }
        int place = Math.max(1, hops.size() - 1);
        String toldScheme = scheme(member(headers, ForwardingFields.PROTO, place), scheme);
        Authority toldHost = authority(member(headers, ForwardingFields.HOST, place));
        int toldPort = port(member(headers, ForwardingFields.PORT, place));
        Authority client = toldHost == null ? host : toldHost;
        return new Origin(
                List.copyOf(hops), header, toldScheme, client, toldPort >= 0 ? toldPort : port(client, toldScheme));
    }

    private Origin byForwarded(
            AddressSet proxies, InetAddress peer, String scheme, @Nullable Authority host, Headers headers) {
        List<InetAddress> hops = new ArrayList<>(2);
        hops.add(peer);
        ForwardedList list = new ForwardedList(headers, ForwardingFields.FORWARDED, true);
        String last = null;
        while (goesOn(proxies, hops)) {
            String element = list.next();
            if (element == null) {
                break;
            }
            last = element;
            String entry = ForwardedList.parameter(element, "for");
            InetAddress address = entry == null ? null : AddressText.parse(entry);
            if (address == null) {
                break; // hidden, but its proxy may still tell how it came
            }
            hops.addFirst(address);
        }
        String toldScheme = scheme(last == null ? null : ForwardedList.parameter(last, "proto"), scheme);
        Authority toldHost = authority(last == null ? null : ForwardedList.parameter(last, "host"));
        Authority client = toldHost == null ? host : toldHost;
        return new Origin(List.copyOf(hops), header, toldScheme, client, port(client, toldScheme));
    }

    private boolean goesOn(AddressSet proxies, List<InetAddress> hops) {
        return hops.size() <= maxHops && proxies.contains(hops.getFirst());
    }

    /** The member of a list at that place from the right, or its leftmost where it is shorter. */
    private static @Nullable String member(Headers headers, String name, int place) {
        ForwardedList list = new ForwardedList(headers, name, false);
        String member = null;
        for (int i = 0; i < place; i++) {
            String next = list.next();
            if (next == null) {
                break;
            }
            member = next;
        }
        return member;
    }

    private static @Nullable Authority authority(@Nullable String text) {
        return text == null ? null : Authority.parse(text);
    }

    /** WebSocket schemes are what some proxies write for upgrades. */
    private static String scheme(@Nullable String told, String otherwise) {
        return switch (told == null ? "" : told.toLowerCase(Locale.ROOT)) {
            case "http", "ws" -> "http";
            case "https", "wss" -> "https";
            default -> otherwise;
        };
    }

    private static int port(@Nullable String told) {
        if (told == null || told.length() > 5 || !told.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(told);
        return port == 0 || port > 65535 ? -1 : port;
    }

    private static int port(@Nullable Authority host, String scheme) {
        return host != null && host.port() >= 0 ? host.port() : scheme.equals("https") ? 443 : 80;
    }
}
