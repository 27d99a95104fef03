package dev.sallyport.kernel.http;

/** The names of the fields by which proxies tell of the client. */
final class ForwardingFields {

    static final String FOR = "X-Forwarded-For";
    static final String HOST = "X-Forwarded-Host";
    static final String PROTO = "X-Forwarded-Proto";
    static final String PORT = "X-Forwarded-Port";
    static final String REAL_IP = "X-Real-IP";
    static final String FORWARDED = "Forwarded";

    private ForwardingFields() {}

    /**
     * Whether a field of that name tells of the client: {@code Forwarded}, {@code X-Real-IP}, any {@code X-Forwarded-…},
     * or one of those that tell of its certificate: {@code Client-Cert}, {@code Client-Cert-Chain} (RFC 9440),
     * {@code X-SSL-Client-…}, {@code SSL-Client-…}. An underscore counts as a hyphen, since CGI, WSGI and their kin tell
     * them apart no more.
     */
    static boolean contains(String name) {
        int length = name.length();
        return switch (name.charAt(0) | 0x20) {
            case 'f' -> name.equalsIgnoreCase(FORWARDED);
            case 'x' ->
                begins(name, "x-forwarded-")
                        || begins(name, "x-ssl-client-")
                        || (length == REAL_IP.length() && begins(name, "x-real-ip"));
            case 's' -> begins(name, "ssl-client-");
            case 'c' ->
                (length == 11 && begins(name, "client-cert")) || (length == 17 && begins(name, "client-cert-chain"));
            default -> false;
        };
    }

    /** Whether it begins with that, which is in lower case; an underscore is a hyphen. */
    private static boolean begins(String name, String with) {
        if (name.length() < with.length()) {
            return false;
        }
        for (int i = 0; i < with.length(); i++) {
            char c = name.charAt(i);
            char folded = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
            if (folded != with.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is one of the names in which an underscore stands for a hyphen. */
    static boolean isDisguised(String name) {
        return name.indexOf('_') >= 0 && contains(name);
    }
}
