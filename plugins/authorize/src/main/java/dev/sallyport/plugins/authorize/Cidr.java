package dev.sallyport.plugins.authorize;

import java.net.InetAddress;

/** A block of addresses. Immutable. */
final class Cidr {

    private final byte[] address;
    private final int bits;

    private Cidr(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /**
     * Reads {@code 10.0.0.0/8}, or an address alone.
     *
     * @throws IllegalArgumentException where it is none
     */
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash), text);
        int most = address.length * 8;
        int bits = most;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            bits = length.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(length) : most + 1;
        }
        if (bits > most) {
            throw notABlock(text);
        }
        return new Cidr(address, bits);
    }

    /** Whether a block holds an address, both as text; never where one is of IPv4 and the other of IPv6. */
    static boolean holds(String address, String block) {
        Cidr cidr = parse(block);
        byte[] asked = address(address, address);
        if (asked.length != cidr.address.length) {
            return false;
        }
        for (int bit = 0; bit < cidr.bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((asked[bit >> 3] ^ cidr.address[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] address(String literal, String whole) {
        int zone = literal.indexOf('%');
        try {
            return InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone))
                    .getAddress();
        } catch (IllegalArgumentException e) {
            throw notABlock(whole);
        }
    }

    private static IllegalArgumentException notABlock(String text) {
        return new IllegalArgumentException(
                "'" + text + "' (expected: an address or a block such as 10.0.0.0/8 or 2001:db8::/32)");
    }
}
