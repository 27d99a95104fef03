package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeedTextTest {

    @Test
    void readsWhatIsPublishedInPractice() throws Exception {
        AddressSet set = FeedText.parse(bytes("""
            ; Spamhaus DROP List
            # FireHOL
            1.10.16.0/20 ; SBL256894
            \t2.56.192.0/22\t# why
            5.5.5.5,seen,often
            2001:db8::/32\r

            ::ffff:6.6.6.6
            7.7.7.7\
            """));

        assertThat(set.size()).isEqualTo(6);
        for (String held : new String[] {"1.10.31.255", "2.56.192.0", "5.5.5.5", "2001:db8::1", "6.6.6.6", "7.7.7.7"}) {
            assertThat(set.holds(InetAddress.ofLiteral(held).getAddress()))
                    .as(held)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "<!doctype html> | line 2: '<!doctype'",
                "10.0.0.1/8 | line 2: '10.0.0.1/8' (expected: an address or a whole block",
                "10.0.0.1-10.0.0.9 | line 2: '10.0.0.1-10.0.0.9'",
                "010.0.0.1 | line 2: '010.0.0.1'",
                "example.com | line 2: 'example.com'",
            })
    void aWrongLineMakesItUnreadable(String line, String message) {
        assertThatThrownBy(() -> FeedText.parse(bytes("10.0.0.0/8\n" + line + "\n11.0.0.0/8\n")))
                .isInstanceOf(UnreadableFeedException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anEmptyTextHoldsNothing() throws Exception {
        assertThat(FeedText.parse(bytes("# nothing\n\n")).size()).isZero();
        assertThat(FeedText.parse(bytes("")).size()).isZero();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
