package dev.sallyport.kernel.http;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.Problems;
import dev.sallyport.kernel.config.Address;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer of a listener that only sends clients on to HTTPS: the same path and query, and 308, which keeps the method. */
final class Redirect {

    private static final int LONGEST_HOST = 253;

    private Redirect() {}

    /**
     * Where to go instead.
     *
     * @param host what the client takes this host for; believed only where it is a host
     * @param to the name of a listener, or {@code https://} and a host
     * @param addresses where listeners are, by name
     */
    static Response answer(Request request, @Nullable String host, String to, Map<String, Address> addresses) {
        String base = to;
        if (!to.contains("://")) {
            Authority named = host == null ? null : Authority.parse(host);
            if (named == null || named.host().length() > LONGEST_HOST) {
                return Problems.badRequest(request, 400, "Host is needed to be sent on to HTTPS");
            }
            Address address = addresses.get(to);
            int port = address == null ? 443 : address.port();
            base = "https://" + named.host() + (port == 443 ? "" : ":" + port);
        }
        return Response.of(308).withHeader("location", base + request.target());
    }
}
