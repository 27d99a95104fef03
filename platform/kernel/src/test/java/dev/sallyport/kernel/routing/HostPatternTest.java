package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com",
        "API.Example.com:80, api.example.com",
        "api.example.com., api.example.com",
        "api.example.com.:443, api.example.com",
        "[::1]:8080, [0:0:0:0:0:0:0:1]",
        "[2001:DB8:0:0::1], [2001:db8:0:0:0:0:0:1]",
        "[not-an-address], [not-an-address]",
        "[::1, [::1",
        "'', ''",
        ".:1, ''",
    })
    void bringsHostsIntoNormalForm(String host, String normal) {
        assertThat(HostPattern.normal(host)).isEqualTo(normal);
    }

    @Test
    void keepsHostThatIsInNormalForm() {
        String host = new String("api.example.com");

        assertThat(HostPattern.normal(host)).isSameAs(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]", "[0:0::0:1]"})
    void readsAddressesInEachForm(String text) {
        assertThat(HostPattern.parse(text).matches(HostPattern.normal("[::1]:80")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "*, leave hosts out to take every host",
        "api.example.com:8080, leave the port out: write api.example.com",
        "https://api.example.com, 'write the name alone, and paths under paths'",
        "api.*.com, '* stands for whole labels at the front, once: *.example.com'",
        "*api.example.com, '* stands for whole labels at the front, once: *.example.com'",
        "bücher.example, 'write its ASCII form, xn--bcher-kva.example'",
        "a b, 'use letters, digits, hyphens and dots'",
        "'', 'use letters, digits, hyphens and dots'",
        "-a.example, 'use letters, digits, hyphens and dots'",
        "a..b, 'use letters, digits, hyphens and dots'",
    })
    void refusesWhatIsNoHostAndSaysHowToMendIt(String text, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostPattern.parse(text))
                .withMessage(text + " (expected: a host name such as api.example.com or *.example.com); " + mend);
    }
}
