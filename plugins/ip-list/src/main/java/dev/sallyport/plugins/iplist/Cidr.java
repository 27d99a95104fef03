package dev.sallyport.plugins.iplist;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;

/**
 * A block of addresses, {@code 10.0.0.0/8} or {@code 2001:db8::/32}, or a single address. A block of IPv4 addresses that
 * is written as IPv6 ({@code ::ffff:10.0.0.0/104}, RFC 4291 §2.5.5.2) is the block of IPv4 addresses.
 *
 * @param block the block, or the address
 */
public record Cidr(IPAddress block) {

    /** One way of writing each address: no octal, hexadecimal or shortened IPv4, no ranges, wildcards, masks, zones. */
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowPrefixOnly(false)
            .allowMask(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getIPv4AddressParametersBuilder()
            .allowLeadingZeros(false)
            .allow_inet_aton(false)
            .allowBinary(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowBinary(false)
            .allow_mixed_inet_aton(false)
            .getParentBuilder()
            .toParams();

    private static final int MAPPED_BITS = 96;

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or names an address within a block
     */
    public static Cidr parse(String text) {
        IPAddress address = address(text);
        IPAddress network = address.getNetworkPrefixLength() == null ? address : address.toPrefixBlock();
        if (!network.getLower().withoutPrefixLength().equals(address.getLower().withoutPrefixLength())) {
            throw new IllegalArgumentException(text + " (expected: a whole block such as " + network
                    + "); for one address write " + address.getLower().withoutPrefixLength());
        }
        return new Cidr(unmapped(network));
    }

    private static IPAddress address(String text) {
        String expected = text + " (expected: an address or a block such as 10.0.0.0/8 or 2001:db8::/32)";
        try {
            IPAddress address = new IPAddressString(text, STRICT).toAddress();
            if (address == null || !text.equals(text.strip()) || hasZeroBeforeLength(text)) {
                throw new IllegalArgumentException(expected);
            }
            return address;
        } catch (AddressStringException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    /** The library's own switch for this refuses {@code /0} too. */
    private static boolean hasZeroBeforeLength(String text) {
        int slash = text.indexOf('/');
        return slash >= 0 && text.startsWith("0", slash + 1) && text.length() > slash + 2;
    }

    private static IPAddress unmapped(IPAddress block) {
        if (!block.isIPv6() || !block.toIPv6().isIPv4Mapped()) {
            return block;
        }
        Integer bits = block.getNetworkPrefixLength();
        IPAddress four = block.getLower().withoutPrefixLength().toIPv6().getEmbeddedIPv4Address();
        return bits == null ? four : four.toPrefixBlock(Math.max(0, bits - MAPPED_BITS));
    }

    @Override
    public String toString() {
        return block.toString();
    }
}
