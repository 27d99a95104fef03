package dev.sallyport.kernel.http;

import inet.ipaddr.ipv6.IPv6Address;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses as forwarding headers write them. Never asks a name server. */
final class AddressText {

    private AddressText() {}

    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code 2001:db8::1}, {@code [2001:db8::1]} or
     * {@code [2001:db8::1]:4711}; null for all else, such as {@code unknown}, {@code _hidden} (RFC 7239 §6) or a name.
     */
    static @Nullable InetAddress parse(String text) {
        int colon = text.indexOf(':');
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end > 0 && isPort(text, end + 1) ? v6(text.substring(1, end)) : null;
        }
        if (colon < 0) {
            return v4(text);
        }
        if (colon == text.lastIndexOf(':')) {
            return isPort(text, colon) ? v4(text.substring(0, colon)) : null;
        }
        return v6(text);
    }

    /** The address in its shortest form, an IPv6 address without zone (RFC 5952). */
    static String of(InetAddress address) {
        return address instanceof Inet4Address
                ? address.getHostAddress()
                : new IPv6Address(address.getAddress()).toCanonicalString();
    }

    private static boolean isPort(String text, int colon) {
        if (colon == text.length()) {
            return true;
        }
        // RFC 7239 §6: a port may be hidden behind a name that starts with an underscore
        return text.charAt(colon) == ':'
                && text.length() > colon + 1
                && (text.charAt(colon + 1) == '_'
                        || text.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9'));
    }

    /** Four decimal numbers: the JDK reads also {@code 127.1} and others that proxies do not write. */
    private static @Nullable InetAddress v4(String text) {
        byte[] bytes = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || part > 3) {
                    return null;
                }
                bytes[part++] = (byte) value;
                value = -1;
            } else if (c < '0' || c > '9' || value == 0) {
                return null;
            } else {
                value = Math.max(value, 0) * 10 + c - '0';
                if (value > 255) {
                    return null;
                }
            }
        }
        return part == 4 ? address(bytes) : null;
    }

    private static @Nullable InetAddress v6(String text) {
        if (text.length() > 45 || text.indexOf('%') >= 0 || text.indexOf('[') >= 0 || text.indexOf(':') < 0) {
            return null;
        }
        try {
            return Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
