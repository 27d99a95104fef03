package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpListConfigTest {

    @Test
    void refusesTwoEmptyLists() {
        assertThatThrownBy(() -> new IpListConfig(List.of(), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected: allow, deny or both");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "10.1.2.3, 10.1.2.3",
        "10.1.2.3/32, 10.1.2.3/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "::/0, ::/0",
        "2001:DB8::/32, 2001:db8::/32",
        "2001:db8::1, 2001:db8::1",
        "::ffff:10.1.2.3, 10.1.2.3",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
    })
    void readsBlocksAndAddresses(String text, String written) {
        assertThat(Cidr.parse(text).block().toCanonicalString()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "10",
                "10.1",
                "10.0.0.0/33",
                "10.0.0.0/",
                "/8",
                "010.0.0.1",
                "0x7f.0.0.1",
                "0x7f000001",
                "127.1",
                "10.0.0.0/255.0.0.0",
                "10.*.0.0",
                "10.0.0.1-9",
                "10.0.0.1,2",
                "2001:db8::/129",
                "fe80::1%eth0",
                "example.com",
                "10.0.0.0/08",
                " 10.0.0.0/8",
                "2130706433",
                "::1::"
            })
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: an address or a block such as");
    }

    @Test
    void refusesAnAddressWithinABlockAndSaysWhatCouldBeMeant() {
        assertThatThrownBy(() -> Cidr.parse("10.1.2.3/8"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("10.1.2.3/8 (expected: a whole block such as 10.0.0.0/8); for one address write 10.1.2.3");
        assertThatThrownBy(() -> Cidr.parse("2001:db8::1/32")).isInstanceOf(IllegalArgumentException.class);
    }
}
