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
        String digits = text.substring(end + 1);
        if (text.charAt(end) != ':' || digits.length() > 5 || !isNumber(digits)) {
            return null;
        }
        int port = digits.isEmpty() ? -1 : Integer.parseInt(digits);
        return port > 65535 ? null : new Authority(host, port);
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

    private static boolean isNumber(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return true;
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
