package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.http.SideServer.Query;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a call says that it comes from: its {@code Host}, and its {@code Origin}. */
final class CallOrigin {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private CallOrigin() {}

    /**
     * Whether it does not come from a page in a browser that another site has sent: over TLS the certificate vouches for
     * the host, and only another origin is to be refused.
     */
    static boolean isHere(Query query) {
        String origin = query.header("origin");
        if (query.secure()) {
            return origin == null || Objects.equals(authority(origin), query.header("host"));
        }
        return isLoopback(query.header("host")) && (origin == null || isLoopback(authority(origin)));
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException notAnOrigin) {
            return null;
        }
    }

    private static boolean isLoopback(@Nullable String authority) {
        return authority != null && LOOPBACK.contains(authority.replaceFirst(":\\d+$", ""));
    }
}
