package dev.sallyport.kernel.upstream;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a target is.
 *
 * @param host a name or an address, without brackets
 * @param socket the path of a Unix socket; null for TCP
 */
record Target(
        String host, int port, boolean secure, @Nullable Path socket) {

    private static final String UNIX = "unix";

    /** The parts of {@code http://host:port} or of {@code unix:/path}. */
    static Target of(URI uri) {
        if (UNIX.equalsIgnoreCase(uri.getScheme())) {
            return new Target("localhost", 80, false, Path.of(uri.getPath()));
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            throw new IllegalArgumentException("target: " + uri + " (expected: http://host:port)");
        }
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost();
        int port = uri.getPort();
        if (host == null) {
            // A host name with an underscore, as container networks have them, is no host to java.net.URI.
            int colon = authority.lastIndexOf(':');
            host = colon < 0 ? authority : authority.substring(0, colon);
            port = colon < 0 ? -1 : Integer.parseInt(authority.substring(colon + 1));
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Target(host, port >= 0 ? port : secure ? 443 : 80, secure, null);
    }

    /** What {@code Host} says of it: a Unix socket has no name, so it is {@code localhost}, as with nginx. */
    static String authority(URI uri) {
        String authority = uri.getRawAuthority();
        return authority == null ? "localhost" : authority;
    }

    /** Whether that is an address rather than a name. */
    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }
}
