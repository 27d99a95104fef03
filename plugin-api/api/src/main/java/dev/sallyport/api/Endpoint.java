package dev.sallyport.api;

import java.net.URI;

/**
 * One instance of a service, as a {@link Discovery} finds it. Immutable.
 *
 * @param url where it is: {@code http://host:port} or {@code https://host:port}, without a path
 * @param weight how many times as often it is chosen as one of weight 1; 1 to 1000
 * @param backup whether it is chosen only while none of the others can be
 */
public record Endpoint(URI url, int weight, boolean backup) {

    public Endpoint {
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        String path = url.getRawPath();
        if (!web
                || url.getRawAuthority() == null
                || url.getRawUserInfo() != null
                || !(path == null || path.isEmpty())) {
            throw new IllegalArgumentException("endpoint: " + url + " (expected: http://host:port, without a path)");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("endpoint: " + url + " (expected: http://host:port, nothing more)");
        }
        if (weight < 1 || weight > 1000) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to 1000)");
        }
    }

    /**
     * An instance of weight 1 that is no backup.
     *
     * @param scheme {@code http} or {@code https}
     * @param host a name or an address, without brackets
     * @param port 1 to 65535
     */
    public static Endpoint of(String scheme, String host, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return new Endpoint(URI.create(scheme + "://" + authority + ":" + port), 1, false);
    }

    /** The same with another weight. */
    public Endpoint withWeight(int other) {
        return new Endpoint(url, other, backup);
    }

    /** The same as a backup, or as none. */
    public Endpoint withBackup(boolean other) {
        return new Endpoint(url, weight, other);
    }
}
