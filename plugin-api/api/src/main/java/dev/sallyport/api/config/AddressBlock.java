package dev.sallyport.api.config;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A block of addresses. Immutable. */
final class AddressBlock {

    private final byte[] address;
    private final int bits;

    private AddressBlock(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /**
     * Reads {@code 10.0.0.0/8}, or an address alone.
     *
     * @throws IllegalArgumentException where it is none
     */
    static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
        int most = address == null ? 0 : address.length * 8;
        int bits = most;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            bits = length.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(length) : most + 1;
        }
        if (address == null || bits > most) {
            throw new IllegalArgumentException("an address or a block such as 10.0.0.0/8 or 2001:db8::/32");
        }
        return new AddressBlock(address, bits);
    }

    /** Whether it holds that address; never where one is of IPv4 and the other of IPv6. */
    boolean holds(String asked) {
        byte[] bytes = bytes(asked);
        if (bytes == null || bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((bytes[bit >> 3] ^ address[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte @Nullable [] bytes(String literal) {
        int zone = literal.indexOf('%');
        try {
            return InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone))
                    .getAddress();
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
