package dev.sallyport.plugins.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Moment;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MaintenanceConfigTest {

    @Test
    void refusesAnEndBeforeItsBegin() {
        assertRefused("until", () -> Configs.between("2027-01-01T01:00:00Z", "2027-01-01T01:00:00+01:00"));
    }

    @Test
    void refusesTwoBodies() {
        assertRefused("page", () -> Configs.showing("soon", Path.of("soon.html"), "text/plain"));
    }

    @Test
    void refusesWhatCannotStandInAHeader() {
        assertRefused("contentType", () -> Configs.showing("soon", null, "text/plain\r\nx: y"));
        assertRefused("header", () -> Configs.passedBy("x y", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2027-01-01", "2027-01-01T01:00:00", "2027-13-01T01:00:00Z"})
    void refusesWhatIsNoMoment(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Moment.parse(text))
                .withMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,     10.255.0.1,      true",
        "10.0.0.0/8,     11.0.0.1,        false",
        "192.0.2.7,      192.0.2.7,       true",
        "192.0.2.7,      192.0.2.6,       false",
        "0.0.0.0/0,      203.0.113.9,     true",
        "0.0.0.0/0,      2001:db8::1,     false",
        "2001:db8::/33,  2001:db8:7fff::, true",
        "2001:db8::/33,  2001:db8:8000::, false",
        "2001:db8::1,    2001:db8::1,     true"
    })
    void knowsWhoIsInABlock(String block, String address, boolean in) {
        assertThat(Block.parse(block).has(InetAddress.ofLiteral(address))).isEqualTo(in);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10.0.0",
                "010.0.0.1",
                "10.0.0.256",
                "10.1.2.3/8",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/",
                "fe80::1%eth0",
                "2001:db8::1/32",
                "localhost",
                "*"
            })
    void refusesWhatIsNoBlock(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Block.parse(text)).withMessageContaining("(expected: ");
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(making::run).returns(key, ConfigException::key);
    }
}
