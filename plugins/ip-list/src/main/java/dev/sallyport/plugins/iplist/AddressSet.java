package dev.sallyport.plugins.iplist;

import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as sorted ranges, those of each version of IP for themselves: a look-up halves them until one is left. Blocks
 * that touch each other are one range. A range takes 8 bytes (IPv4) or 32 (IPv6). Immutable.
 */
final class AddressSet {

    private static final int IPV6_BYTES = 16;

    /** First and last addresses; the highest bit is turned, so that signed numbers compare as unsigned ones. */
    private final int[] firstFour;

    private final int[] lastFour;

    /** High and low half in turn, turned in the same way. */
    private final long[] firstSix;

    private final long[] lastSix;

    private AddressSet(int[] firstFour, int[] lastFour, long[] firstSix, long[] lastSix) {
        this.firstFour = firstFour;
        this.lastFour = lastFour;
        this.firstSix = firstSix;
        this.lastSix = lastSix;
    }

    static AddressSet of(Collection<Cidr> blocks) {
        Builder builder = new Builder();
        blocks.forEach(builder::add);
        return builder.build();
    }

    /** How many ranges there are. */
    int size() {
        return firstFour.length + firstSix.length / 2;
    }

    /**
     * Whether an address is among them.
     *
     * @param address its bytes in network order; those of an IPv4-mapped IPv6 address are taken as IPv4
     */
    boolean holds(byte[] address) {
        return index(address) >= 0;
    }

    /** The range that holds an address, as a block where it is one; null where none does. */
    @Nullable
    String find(byte[] address) {
        int index = index(address);
        if (index < 0) {
            return null;
        }
        return address.length == IPV6_BYTES && !isMapped(address)
                ? text(
                        new IPv6Address(bytes(firstSix[2 * index], firstSix[2 * index + 1])),
                        new IPv6Address(bytes(lastSix[2 * index], lastSix[2 * index + 1])))
                : text(
                        new IPv4Address(firstFour[index] ^ Integer.MIN_VALUE),
                        new IPv4Address(lastFour[index] ^ Integer.MIN_VALUE));
    }

    private static String text(IPAddress first, IPAddress last) {
        if (first.equals(last)) {
            return first.toCanonicalString();
        }
        IPAddress[] blocks = first.spanWithPrefixBlocks(last);
        return blocks.length == 1 ? blocks[0].toCanonicalString() : first + "-" + last;
    }

    private int index(byte[] address) {
        if (address.length != IPV6_BYTES) {
            return four(address, 0);
        }
        return isMapped(address) ? four(address, IPV6_BYTES - 4) : six(high(address), low(address));
    }

    private int four(byte[] address, int at) {
        int asked = fourAt(address, at);
        int found = Arrays.binarySearch(firstFour, asked);
        int index = found >= 0 ? found : -found - 2;
        return index >= 0 && asked <= lastFour[index] ? index : -1;
    }

    private int six(long high, long low) {
        int least = 0;
        int most = firstSix.length / 2 - 1;
        while (least <= most) {
            int middle = (least + most) >>> 1;
            if (compare(firstSix[2 * middle], firstSix[2 * middle + 1], high, low) <= 0) {
                least = middle + 1;
            } else {
                most = middle - 1;
            }
        }
        return most >= 0 && compare(high, low, lastSix[2 * most], lastSix[2 * most + 1]) <= 0 ? most : -1;
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh ? Long.compare(low, otherLow) : Long.compare(high, otherHigh);
    }

    private static int fourAt(byte[] address, int at) {
        return ((address[at] & 0xff) << 24
                        | (address[at + 1] & 0xff) << 16
                        | (address[at + 2] & 0xff) << 8
                        | (address[at + 3] & 0xff))
                ^ Integer.MIN_VALUE;
    }

    private static long high(byte[] address) {
        return eightAt(address, 0);
    }

    private static long low(byte[] address) {
        return eightAt(address, 8);
    }

    private static long eightAt(byte[] address, int at) {
        long eight = 0;
        for (int i = at; i < at + 8; i++) {
            eight = eight << 8 | (address[i] & 0xff);
        }
        return eight ^ Long.MIN_VALUE;
    }

    private static byte[] bytes(long high, long low) {
        byte[] bytes = new byte[IPV6_BYTES];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) ((high ^ Long.MIN_VALUE) >> (56 - 8 * i));
            bytes[8 + i] = (byte) ((low ^ Long.MIN_VALUE) >> (56 - 8 * i));
        }
        return bytes;
    }

    private static boolean isMapped(byte[] address) {
        if (address[10] != -1 || address[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Collects blocks. For one thread. */
    static final class Builder {

        /** First address in the upper half, last one in the lower. */
        private long[] four = new long[16];

        private int fours;
        private final List<Six> six = new ArrayList<>();

        private record Six(long high, long low, long lastHigh, long lastLow) {}

        void add(Cidr cidr) {
            IPAddress block = cidr.block();
            if (block.isIPv4()) {
                IPv4Address all = block.toIPv4();
                add(all.getLower().intValue(), all.getUpper().intValue());
            } else {
                byte[] first = block.getLower().getBytes();
                byte[] last = block.getUpper().getBytes();
                six.add(new Six(high(first), low(first), high(last), low(last)));
            }
        }

        /** A range of IPv4, both ends in it. */
        void add(int first, int last) {
            if (fours == four.length) {
                four = Arrays.copyOf(four, fours * 2);
            }
            four[fours++] = (long) (first ^ Integer.MIN_VALUE) << 32 | ((last ^ Integer.MIN_VALUE) & 0xffff_ffffL);
        }

        AddressSet build() {
            Arrays.sort(four, 0, fours);
            int[] firsts = new int[fours];
            int[] lasts = new int[fours];
            int ranges = 0;
            for (int i = 0; i < fours; i++) {
                int first = (int) (four[i] >> 32);
                int last = (int) four[i];
                boolean touches = ranges > 0 && (first <= lasts[ranges - 1] || first - 1 == lasts[ranges - 1]);
                if (touches) {
                    lasts[ranges - 1] = Math.max(lasts[ranges - 1], last);
                } else {
                    firsts[ranges] = first;
                    lasts[ranges++] = last;
                }
            }
            long[][] sixes = sixes();
            return new AddressSet(Arrays.copyOf(firsts, ranges), Arrays.copyOf(lasts, ranges), sixes[0], sixes[1]);
        }

        private long[][] sixes() {
            six.sort(Comparator.comparingLong(Six::high).thenComparingLong(Six::low));
            long[] firsts = new long[2 * six.size()];
            long[] lasts = new long[2 * six.size()];
            int used = 0;
            for (Six one : six) {
                if (used > 0 && touches(one, lasts[used - 2], lasts[used - 1])) {
                    if (compare(one.lastHigh, one.lastLow, lasts[used - 2], lasts[used - 1]) > 0) {
                        lasts[used - 2] = one.lastHigh;
                        lasts[used - 1] = one.lastLow;
                    }
                } else {
                    firsts[used] = one.high;
                    lasts[used++] = one.lastHigh;
                    firsts[used] = one.low;
                    lasts[used++] = one.lastLow;
                }
            }
            return new long[][] {Arrays.copyOf(firsts, used), Arrays.copyOf(lasts, used)};
        }

        private static boolean touches(Six one, long lastHigh, long lastLow) {
            boolean carries = lastLow == Long.MAX_VALUE;
            long nextHigh = carries ? lastHigh + 1 : lastHigh;
            long nextLow = carries ? Long.MIN_VALUE : lastLow + 1;
            return compare(one.high, one.low, lastHigh, lastLow) <= 0 || (one.high == nextHigh && one.low == nextLow);
        }
    }
}
