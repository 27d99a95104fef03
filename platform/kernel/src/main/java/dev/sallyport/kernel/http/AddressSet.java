package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.Cidr;
import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv4.IPv4AddressTrie;
import inet.ipaddr.ipv6.IPv6Address;
import inet.ipaddr.ipv6.IPv6AddressTrie;
import java.net.InetAddress;
import java.util.List;

/**
 * Blocks of addresses, asked in the time of an address's bits however many there are. An IPv6 block within
 * {@code ::ffff:0:0/96} stands for the IPv4 addresses that it maps, as Java reads such addresses. Immutable and
 * thread-safe.
 */
public final class AddressSet {

    private static final int MAPPED_BITS = 96;

    private final IPv4AddressTrie v4 = new IPv4AddressTrie();
    private final IPv6AddressTrie v6 = new IPv6AddressTrie();

    public AddressSet(List<Cidr> blocks) {
        for (Cidr cidr : blocks) {
            IPAddress block = cidr.block();
            Integer prefix = block.getNetworkPrefixLength();
            if (block.isIPv4()) {
                v4.add(block.toIPv4());
            } else if (block.toIPv6().isIPv4Mapped() && (prefix == null || prefix >= MAPPED_BITS)) {
                IPv4Address embedded = block.toIPv6().getLower().getEmbeddedIPv4Address();
                v4.add(
                        prefix == null
                                ? embedded
                                : embedded.setPrefixLength(prefix - MAPPED_BITS).toPrefixBlock());
            } else {
                v6.add(block.toIPv6());
            }
        }
    }

    /** Whether a block holds that address. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? !v4.isEmpty() && v4.elementContains(new IPv4Address(bytes))
                : !v6.isEmpty() && v6.elementContains(new IPv6Address(bytes));
    }
}
