package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv4.IPv4AddressTrie;
import inet.ipaddr.ipv6.IPv6Address;
import inet.ipaddr.ipv6.IPv6AddressTrie;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Prints what a million blocks take, as sorted ranges and in the tries of the library {@code ipaddress}; what it asserts is
 * only that both give the same answers. A look-up begins when the one before has its answer, so that no wait for memory is
 * hidden.
 */
@Tag("proof")
final class AddressSetProof {

    private static final int ASKED = 1 << 16;
    private static final int LOOKUPS = 1_000_000;
    private static final int ROUNDS = 7;

    @ParameterizedTest
    @CsvSource({"4, 1000", "4, 1000000", "16, 1000000"})
    void aMillionBlocks(int bytes, int blocks) throws Exception {
        byte[] text = feed(bytes, blocks);
        long before = usedBytes();
        long start = System.nanoTime();
        AddressSet ranges = FeedText.parse(text);
        long parsed = System.nanoTime() - start;
        long rangesBytes = usedBytes() - before;
        before = usedBytes();
        Predicate<byte[]> trie = trie(text, bytes);
        long trieBytes = usedBytes() - before;
        byte[][] asked = asked(bytes);

        for (byte[] address : asked) {
            assertThat(ranges.holds(address)).isEqualTo(trie.test(address));
        }
        System.out.printf(
                "IPv%d, %,9d blocks (%,d ranges, %,d KiB of text): read in %,d ms; ranges %,d KiB, %4.0f ns a look-up;"
                        + " tries %,d KiB, %4.0f ns%n",
                bytes == 4 ? 4 : 6,
                blocks,
                ranges.size(),
                text.length >> 10,
                parsed / 1_000_000,
                rangesBytes >> 10,
                nanos(asked, ranges::holds),
                trieBytes >> 10,
                nanos(asked, trie));
    }

    @Test
    void aCountry() throws Exception {
        Map<String, String> blocks = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            blocks.put((i >> 8) + "." + (i & 255) + ".0.0/17", i % 2 == 0 ? "DE" : "FR");
        }
        Path file = Files.createTempFile("countries", ".mmdb");
        Files.write(file, Mmdb.of(blocks));
        Countries countries = new Countries(file);
        Files.delete(file);
        byte[][] asked = asked(4);
        InetAddress[] addresses = new InetAddress[ASKED];
        for (int i = 0; i < ASKED; i++) {
            addresses[i] = InetAddress.getByAddress(asked[i]);
        }
        double best = Double.MAX_VALUE;
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            int at = 0;
            for (int i = 0; i < LOOKUPS; i++) {
                boolean is = "DE".equals(countries.of(addresses[at]));
                found += is ? 1 : 0;
                at = at * 1_103_515_245 + (is ? 12_345 : 54_321) & ASKED - 1;
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) LOOKUPS);
        }
        System.out.printf("country of an address: %4.0f ns (%,d found)%n", best, found);
    }

    private static double nanos(byte[][] asked, Predicate<byte[]> set) {
        double best = Double.MAX_VALUE;
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            int at = 0;
            for (int i = 0; i < LOOKUPS; i++) {
                boolean is = set.test(asked[at]);
                found += is ? 1 : 0;
                at = at * 1_103_515_245 + (is ? 12_345 : 54_321) & ASKED - 1;
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) LOOKUPS);
        }
        assertThat(found).isPositive();
        return best;
    }

    /** Blocks as lists have them: a third each of single addresses, /24 and between; /48 to /64 and /128 in IPv6. */
    private static byte[] feed(int bytes, int blocks) {
        Random random = new Random(bytes);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < blocks; i++) {
            int bits = bytes == 4 ? new int[] {32, 24, 25 + random.nextInt(7)}[i % 3] : new int[] {64, 48, 128}[i % 3];
            byte[] address = random(bytes, random);
            for (int bit = bits; bit < bytes * 8; bit++) {
                address[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
            }
            String written =
                    bytes == 4 ? new IPv4Address(address).toString() : new IPv6Address(address).toCanonicalString();
            text.writeBytes((written + "/" + bits + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return text.toByteArray();
    }

    private static byte[] random(int bytes, Random random) {
        byte[] address = new byte[bytes];
        random.nextBytes(address);
        if (bytes == 16) {
            address[0] = 0x20;
            address[1] = 1;
        } else {
            address[0] = (byte) (1 + (address[0] & 0x1f));
        }
        return address;
    }

    private static byte[][] asked(int bytes) {
        Random random = new Random(99);
        byte[][] asked = new byte[ASKED][];
        for (int i = 0; i < ASKED; i++) {
            asked[i] = random(bytes, random);
        }
        return asked;
    }

    private static Predicate<byte[]> trie(byte[] text, int bytes) {
        IPv4AddressTrie four = new IPv4AddressTrie();
        IPv6AddressTrie six = new IPv6AddressTrie();
        for (String line : new String(text, StandardCharsets.US_ASCII).split("\n", -1)) {
            if (!line.isEmpty() && bytes == 4) {
                four.add(new IPAddressString(line).getAddress().toIPv4().toPrefixBlock());
            } else if (!line.isEmpty()) {
                six.add(new IPAddressString(line).getAddress().toIPv6().toPrefixBlock());
            }
        }
        return bytes == 4
                ? address -> four.longestPrefixMatch(new IPv4Address(address)) != null
                : address -> six.longestPrefixMatch(new IPv6Address(address)) != null;
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
