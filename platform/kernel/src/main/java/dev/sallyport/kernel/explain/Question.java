package dev.sallyport.kernel.explain;

import dev.sallyport.api.Body;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.http.Asked;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to explain, as somebody would give it to a client.
 *
 * @param url a path, or a whole URL
 * @param fields header fields; {@code Host} is added where it is not among them: that of the URL, else the listener's address
 * @param body replayable; where it is not empty, {@code Content-Length} is added
 * @param listener by which it comes; null for the first that speaks the URL's scheme, where it has one at its port
 * @param from the other end of the connection
 */
public record Question(
        String method,
        String url,
        List<Asked.Field> fields,
        Body body,
        @Nullable String listener,
        InetAddress from) {

    public Question {
        fields = List.copyOf(fields);
    }

    /** A question from this machine, by whichever listener fits. */
    public static Question of(String method, String url, List<Asked.Field> fields) {
        return new Question(method, url, fields, Body.empty(), null, InetAddress.getLoopbackAddress());
    }

    /**
     * As a client would put it on the wire.
     *
     * @param addresses where listeners are, by name
     * @throws IllegalArgumentException where no client could
     */
    public Asked asked(GatewayConfig config, Map<String, Address> addresses) {
        int scheme =
                url.regionMatches(true, 0, "http://", 0, 7) ? 7 : url.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
        int path = scheme;
        while (scheme > 0 && path < url.length() && "/?#".indexOf(url.charAt(path)) < 0) {
            path++;
        }
        String authority = url.substring(scheme, path);
        ListenerConfig by = listener(config, addresses, scheme == 0 ? null : scheme == 8, authority);
        Address address = addresses.getOrDefault(by.name(), by.address());
        List<Asked.Field> all = new ArrayList<>();
        if (!has("host")) {
            all.add(new Asked.Field("Host", authority.isEmpty() ? host(address) : authority));
        }
        all.addAll(fields);
        if (!body.isEmpty() && !has("content-length") && !has("transfer-encoding")) {
            all.add(new Asked.Field("Content-Length", Long.toString(body.length())));
        }
        return new Asked(by.name(), from, method, target(url.substring(path), scheme > 0), all, body);
    }

    /** What a client puts into the request line: a fragment stays with it. */
    private static String target(String rest, boolean absolute) {
        int fragment = absolute ? rest.indexOf('#') : -1;
        String sent = fragment < 0 ? rest : rest.substring(0, fragment);
        return absolute && !sent.startsWith("/") ? "/" + sent : sent;
    }

    private ListenerConfig listener(
            GatewayConfig config, Map<String, Address> addresses, @Nullable Boolean tls, String authority) {
        if (listener != null) {
            return config.listeners().stream()
                    .filter(each -> each.name().equals(listener))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("listener: " + listener + " (expected: one of "
                            + String.join(
                                    ", ",
                                    config.listeners().stream()
                                            .map(ListenerConfig::name)
                                            .toList())
                            + ")"));
        }
        List<ListenerConfig> speaking = config.listeners().stream()
                .filter(each -> tls == null || (each.tls() != null) == tls)
                .toList();
        return speaking.stream()
                .filter(each -> authority.endsWith(":"
                        + addresses.getOrDefault(each.name(), each.address()).port()))
                .findFirst()
                .orElseGet(() -> speaking.isEmpty() ? config.listeners().getFirst() : speaking.getFirst());
    }

    private static String host(Address address) {
        if (address.socket() != null
                || address.host().equals("0.0.0.0")
                || address.host().equals("::")) {
            return "localhost";
        }
        return address.port() == 0 ? address.toString().replaceFirst(":0$", "") : address.toString();
    }

    private boolean has(String name) {
        return fields.stream()
                .anyMatch(field -> field.name().strip().toLowerCase(Locale.ROOT).equals(name));
    }
}
