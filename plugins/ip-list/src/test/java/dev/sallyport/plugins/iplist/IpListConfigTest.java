package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpListConfigTest {

    @Test
    void refusesNoListAtAll() {
        assertThatThrownBy(() -> new IpListConfig(List.of(), List.of(), List.of(), null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected: allow, deny, feeds or countries");
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

    @Test
    void refusesTheSameFeedTwice() {
        FeedConfig feed = Feeds.url("https://lists.example.com/a.txt");

        assertThatThrownBy(() -> new IpListConfig(List.of(), List.of(), List.of(feed, feed), null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("one twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://lists.example.com/a", "lists/a.txt", "https:///a"})
    void refusesFeedsFromElsewhere(String url) {
        assertThatThrownBy(() -> Feeds.url(url))
                .isInstanceOf(ConfigException.class)
                .hasMessage(url + " (expected: an http or https URL)");
    }

    @Test
    void aFeedIsAFileOrAUrl() {
        assertThatThrownBy(() -> new FeedConfig(
                        null, null, Effect.DENY, Duration.ofHours(1), new Size(1000), WhenMissing.CLOSED, null))
                .isInstanceOf(ConfigException.class)
                .hasMessage("(expected: either url or file)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {"de | DE", "Germany | the two letters of a country, such as DE", "ZZ | the two"})
    void refusesWhatIsNoCountry(String code, String expected) {
        assertThatThrownBy(() -> new CountriesConfig(Path.of("a.mmdb"), List.of(), List.of(code)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("'" + code + "' (expected: " + expected);
    }
}
