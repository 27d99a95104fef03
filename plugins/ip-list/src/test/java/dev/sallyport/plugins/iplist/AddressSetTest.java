package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressSetTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255",
        "128.0.0.0/1, 128.0.0.0, 255.255.255.255",
        "255.255.255.255, 255.255.255.255, 255.255.255.255",
        "0.0.0.0, 0.0.0.0, 0.0.0.0",
        "::/0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "8000::/1, 8000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::8000:0:0:0/65, 2001:db8::8000:0:0:0, 2001:db8::ffff:ffff:ffff:ffff",
    })
    void holdsBothEndsOfABlockAndNamesIt(String block, String first, String last) {
        AddressSet set = AddressSet.of(List.of(Cidr.parse(block)));

        assertThat(set.find(bytes(first))).isEqualTo(Cidr.parse(block).block().toCanonicalString());
        assertThat(set.holds(bytes(last))).isTrue();
        assertThat(set.size()).isEqualTo(1);
    }

    @Test
    void blocksThatTouchOrOverlapAreOneRange() {
        AddressSet set = AddressSet.of(cidrs(
                "10.0.1.0/24",
                "10.0.0.0/24",
                "10.0.0.128/25",
                "10.0.2.0",
                "10.0.4.0/24",
                "2001:db8::/33",
                "2001:db8:8000::/33",
                "2001:dc0::/64",
                "2001:dc0:0:1::/64"));

        assertThat(set.size()).isEqualTo(4);
        assertThat(set.find(bytes("10.0.1.7"))).isEqualTo("10.0.0.0-10.0.2.0");
        assertThat(set.find(bytes("10.0.4.7"))).isEqualTo("10.0.4.0/24");
        assertThat(set.find(bytes("10.0.2.1"))).isNull();
        assertThat(set.find(bytes("2001:db8:ffff::"))).isEqualTo("2001:db8::/32");
        assertThat(set.find(bytes("2001:dc0:0:1::5"))).isEqualTo("2001:dc0::/63");
    }

    @Test
    void anEmptySetHoldsNothing() {
        AddressSet set = AddressSet.of(List.of());

        assertThat(set.holds(bytes("10.0.0.1"))).isFalse();
        assertThat(set.holds(bytes("::1"))).isFalse();
    }

    /** The reference asks each block. */
    @Test
    void agreesWithAskingEachBlock() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Cidr> blocks = new ArrayList<>();
            for (int i = 0; i < random.nextInt(30); i++) {
                blocks.add(block(random));
            }
            AddressSet set = AddressSet.of(blocks);
            for (int i = 0; i < 200; i++) {
                IPAddress asked = near(blocks, random);
                boolean expected = blocks.stream().anyMatch(cidr -> cidr.block().contains(asked));

                assertThat(set.holds(asked.getBytes()))
                        .as("%s in %s", asked, blocks)
                        .isEqualTo(expected);
            }
        }
    }

    private static Cidr block(Random random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        if (bytes.length == 16) {
            bytes[0] = 0x20;
        }
        bytes[bytes.length == 4 ? 0 : 1] = (byte) (random.nextInt(4) * 60);
        IPAddress address = new IPAddressString(bytes.length == 4 ? four(bytes) : six(bytes)).getAddress();
        return new Cidr(address.toPrefixBlock(random.nextInt(bytes.length == 4 ? 4 : 8, bytes.length * 8 + 1)));
    }

    private static String four(byte[] bytes) {
        return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
    }

    private static String six(byte[] bytes) {
        return new IPv6Address(bytes).toString();
    }

    /** At the edge of a block, where mistakes are; or anywhere. */
    private static IPAddress near(List<Cidr> blocks, Random random) {
        if (blocks.isEmpty() || random.nextInt(4) == 0) {
            return block(random).block().getLower().withoutPrefixLength();
        }
        IPAddress block = blocks.get(random.nextInt(blocks.size())).block();
        IPAddress edge = (random.nextBoolean() ? block.getLower() : block.getUpper()).withoutPrefixLength();
        int step = random.nextInt(3) - 1;
        boolean end = (step < 0 && edge.isZero()) || (step > 0 && edge.isMax());
        return end ? edge : edge.increment(step);
    }

    private static List<Cidr> cidrs(String... texts) {
        return Arrays.stream(texts).map(Cidr::parse).toList();
    }

    private static byte[] bytes(String address) {
        return InetAddress.ofLiteral(address).getAddress();
    }
}
