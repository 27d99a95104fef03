package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.ListenerConfig.ForwardingHeader;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from, as far as it is believed.
 *
 * @param hops the client first, then the trusted proxies in the order in which the request passed them, the peer last;
 *     the peer alone where it is not trusted
 * @param believed the header that was believed, also where it was not there; null where the peer is not trusted
 * @param scheme {@code http} or {@code https}, as the client used it towards the first trusted proxy
 * @param host what the client named as host; null where it named none. Routes are chosen by the field {@code Host}, which
 *     may differ where a proxy rewrites it
 * @param port the port that the client used: that of the host, or the scheme's own
 */
public record Origin(
        List<InetAddress> hops,
        @Nullable ForwardingHeader believed,
        String scheme,
        @Nullable Authority host,
        int port) {

    /** The client: the rightmost address of the forwarding header that is not a trusted proxy, else the peer's. */
    public InetAddress client() {
        return hops.getFirst();
    }

    /** The other end of the connection. */
    public InetAddress peer() {
        return hops.getLast();
    }

    /** Whether the peer is a trusted proxy. */
    public boolean isTrusted() {
        return believed != null;
    }
}
