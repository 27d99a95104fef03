package dev.sallyport.kernel.http;

import java.util.Locale;

/** The names of the fields by which proxies tell of the client. */
final class ForwardingFields {

    static final String FOR = "X-Forwarded-For";
    static final String HOST = "X-Forwarded-Host";
    static final String PROTO = "X-Forwarded-Proto";
    static final String PORT = "X-Forwarded-Port";
    static final String REAL_IP = "X-Real-IP";
    static final String FORWARDED = "Forwarded";

    private static final String PREFIX = "x-forwarded-";

    private ForwardingFields() {}

    /**
     * Whether a field of that name tells of the client: {@code Forwarded}, {@code X-Real-IP}, any {@code X-Forwarded-…},
     * or one of those that tell of its certificate: {@code Client-Cert}, {@code Client-Cert-Chain} (RFC 9440),
     * {@code X-SSL-Client-…}, {@code SSL-Client-…}. An underscore counts as a hyphen, since CGI, WSGI and their kin tell
     * them apart no more.
     */
    static boolean contains(String name) {
        return switch (name.length()) {
            case 9 -> name.equalsIgnoreCase(FORWARDED) || hyphened(name).equals("x-real-ip");
            case 11 -> hyphened(name).equals("client-cert");
            default -> name.length() >= PREFIX.length() && isPrefixed(hyphened(name));
        };
    }

    private static boolean isPrefixed(String name) {
        return switch (name.charAt(0)) {
            case 'x' -> name.startsWith(PREFIX) || name.startsWith("x-ssl-client-");
            case 's' -> name.startsWith("ssl-client-");
            case 'c' -> name.equals("client-cert-chain");
            default -> false;
        };
    }

    /** Whether it is one of the names in which an underscore stands for a hyphen. */
    static boolean isDisguised(String name) {
        return name.indexOf('_') >= 0 && contains(name);
    }

    /** In lower case, where it may be one of these names. */
    private static String hyphened(String name) {
        return switch (name.charAt(0) | 0x20) {
            case 'x', 's', 'c' -> name.replace('_', '-').toLowerCase(Locale.ROOT);
            default -> name;
        };
    }
}
