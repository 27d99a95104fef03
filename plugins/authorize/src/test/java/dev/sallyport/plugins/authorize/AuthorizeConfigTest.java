package dev.sallyport.plugins.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthorizeConfigTest {

    @Test
    void refusesNoRule() {
        assertThatThrownBy(() -> new AuthorizeConfig(List.of(), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("no rule (expected: allow, deny or both)");
    }

    @Test
    void refusesAMessageThatNobodyWouldSee() {
        assertThatThrownBy(
                        () -> new AuthorizeConfig(List.of(new Rule(Condition.parse("true"), null, "hello")), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a rule of allow refuses nothing");
    }

    @Test
    void refusesANameThatIsNone() {
        assertThatThrownBy(() -> new Rule(Condition.parse("true"), "no spaces", null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'no spaces' (expected: up to 64 letters");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.0.0.0/8, true",
        "11.1.2.3, 10.0.0.0/8, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.4, 10.1.2.3, false",
        "10.1.2.3, 0.0.0.0/0, true",
        "10.1.2.129, 10.1.2.128/25, true",
        "10.1.2.127, 10.1.2.128/25, false",
        "2001:db8::1, 2001:db8::/32, true",
        "2001:db9::1, 2001:db8::/32, false",
        "2001:db8::1, 10.0.0.0/8, false",
        "fe80::1%eth0, fe80::/10, true",
    })
    void knowsBlocksOfAddresses(String address, String block, boolean held) {
        assertThat(Cidr.holds(address, block)).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "::/129", "example.com", "''"})
    void refusesWhatIsNoBlock(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: an address or a block such as");
    }
}
