package dev.sallyport.kernel.http;

import java.net.Inet6Address;
import org.jspecify.annotations.Nullable;

/**
 * Host and port as {@code Host}, {@code :authority} and an absolute-form target carry them (RFC 9110 §7.2, RFC 3986
 * §3.2): no user information, an IPv6 address in brackets. Stricter than the RFC, whose registered names may hold
 * characters that no host name has.
 *
 * @param host as it was written, with the brackets of an IPv6 address
 * @param port 0 to 65535; -1 where none is given
 */
public record Authority(String host, int port) {

    private static final String MARKS = "-._~";

    /** Reads the written form; null where it is not one. */
    public static @Nullable Authority parse(String text) {
        int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        if (end < 0) {
            end = text.length();
        }
        String host = text.substring(0, end);
        if (!(host.startsWith("[") ? isIpv6(host) : isName(host))) {
            return null;
        }
        if (end == text.length()) {
            return new Authority(host, -1);
        }
        if (text.charAt(end) != ':' || text.length() - end > 6) {
            return null;
        }
        int port = end + 1 == text.length() ? -1 : 0;
        for (int i = end + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            port = port * 10 + c - '0';
        }
        return port > 65535 ? null : new Authority(host, port);
    }

    /** {@code host} or {@code host:port}: this very text, from which it was read, where that is written so. */
    String written(String text) {
        int digits = port < 0 ? 0 : port < 10 ? 2 : port < 100 ? 3 : port < 1_000 ? 4 : port < 10_000 ? 5 : 6;
        return text.length() == host.length() + digits ? text : toString();
    }

    /** {@code host} or {@code host:port} */
    @Override
    public String toString() {
        return port < 0 ? host : host + ":" + port;
    }

    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= 0x80 || !(Character.isLetterOrDigit(c) || MARKS.indexOf(c) >= 0)) {
                return false;
            }
        }
        return !host.isEmpty() && host.length() <= 255;
    }

    private static boolean isIpv6(String host) {
        if (host.length() > 47 || host.indexOf('%') >= 0) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }
}
