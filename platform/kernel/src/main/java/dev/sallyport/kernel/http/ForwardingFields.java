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
     * Whether a field of that name tells of the client: {@code Forwarded}, {@code X-Real-IP}, or any
     * {@code X-Forwarded-…}. An underscore counts as a hyphen, since CGI, WSGI and their kin tell them apart no more.
     */
    static boolean contains(String name) {
        return switch (name.length()) {
            case 9 -> name.equalsIgnoreCase(FORWARDED) || hyphened(name).equals("x-real-ip");
            default -> name.length() >= PREFIX.length() && hyphened(name).startsWith(PREFIX);
        };
    }

    /** Whether it is one of the names in which an underscore stands for a hyphen. */
    static boolean isDisguised(String name) {
        return name.indexOf('_') >= 0 && contains(name);
    }

    private static String hyphened(String name) {
        char first = name.charAt(0);
        return first == 'x' || first == 'X' ? name.replace('_', '-').toLowerCase(Locale.ROOT) : name;
    }
}
