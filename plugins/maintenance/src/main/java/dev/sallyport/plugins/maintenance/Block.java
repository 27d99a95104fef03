package dev.sallyport.plugins.maintenance;

import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An address, or a block of them: {@code 192.0.2.7}, {@code 10.0.0.0/8}, {@code 2001:db8::/32}.
 *
 * @param address the first address of the block
 * @param bits how many bits of it count
 */
public record Block(InetAddress address, int bits) {

    /** Neither the short forms of IPv4 nor its octal numbers, which read as one address and mean another. */
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or names an address within a block
     */
    public static Block parse(String text) {
        String expected = text + " (expected: an address or a block such as 10.0.0.0/8 or 2001:db8::/32)";
        int slash = text.indexOf('/');
        String first = slash < 0 ? text : text.substring(0, slash);
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (first.contains("%")
                || (!first.contains(":") && !IPV4.matcher(first).matches())
                || (slash >= 0 && !length.matches("0|[1-9]\\d{0,2}"))) {
            throw new IllegalArgumentException(expected);
        }
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(first);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
        int all = address.getAddress().length * 8;
        int bits = slash < 0 ? all : Integer.parseInt(length);
        if (bits > all) {
            throw new IllegalArgumentException(expected);
        }
        Block block = new Block(address, bits);
        byte[] bytes = address.getAddress();
        for (int bit = bits; bit < all; bit++) {
            if (isSet(bytes, bit)) {
                throw new IllegalArgumentException(
                        text + " (expected: a whole block, whose address is 0 beyond its " + bits + " bits)");
            }
        }
        return block;
    }

    /** Whether an address is in it. */
    boolean has(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] others = other.getAddress();
        if (mine.length != others.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (isSet(mine, bit) != isSet(others, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSet(byte[] bytes, int bit) {
        return (bytes[bit / 8] & 0x80 >> bit % 8) != 0;
    }

    /** The written form. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
