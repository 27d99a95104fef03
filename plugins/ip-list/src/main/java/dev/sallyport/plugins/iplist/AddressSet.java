package dev.sallyport.plugins.iplist;

import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv4.IPv4AddressTrie;
import inet.ipaddr.ipv6.IPv6Address;
import inet.ipaddr.ipv6.IPv6AddressTrie;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of addresses, in one tree for each version of IP: a look-up takes as many steps as an address has bits, however
 * many blocks there are. Filled once and then only read, by many threads.
 */
final class AddressSet {

    private static final int IPV6_BYTES = 16;

    private final IPv4AddressTrie four = new IPv4AddressTrie();
    private final IPv6AddressTrie six = new IPv6AddressTrie();

    AddressSet(List<Cidr> blocks) {
        for (Cidr cidr : blocks) {
            IPAddress block = cidr.block();
            if (block.isIPv4()) {
                four.add(block.toIPv4());
            } else {
                six.add(block.toIPv6());
            }
        }
    }

    /**
     * The smallest block that holds an address; null where none does.
     *
     * @param address its bytes in network order; those of an IPv4-mapped IPv6 address are taken as IPv4
     */
    @Nullable
    String find(byte[] address) {
        byte[] bytes = isMapped(address) ? Arrays.copyOfRange(address, 12, IPV6_BYTES) : address;
        IPAddress block = bytes.length == IPV6_BYTES
                ? six.longestPrefixMatch(new IPv6Address(bytes))
                : four.longestPrefixMatch(new IPv4Address(bytes));
        return block == null ? null : block.toCanonicalString();
    }

    private static boolean isMapped(byte[] address) {
        if (address.length != IPV6_BYTES || address[10] != -1 || address[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
