package dev.sallyport.kernel.config;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;

/**
 * A block of addresses: {@code 10.0.0.0/8}, {@code ::1/128}, or a single address.
 *
 * @param block the block
 */
public record Cidr(IPAddress block) {

    private static final String EXPECTED =
            " (expected: an address block such as 10.0.0.0/8); write an address, a slash and a number of bits";

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Cidr parse(String text) {
        try {
            IPAddress address = new IPAddressString(text).toAddress();
            if (text.isBlank() || address == null || text.indexOf('*') >= 0) {
                throw new IllegalArgumentException(text + EXPECTED);
            }
            return new Cidr(address.toPrefixBlock());
        } catch (AddressStringException e) {
            throw new IllegalArgumentException(text + EXPECTED, e);
        }
    }

    @Override
    public String toString() {
        return block.toString();
    }
}
