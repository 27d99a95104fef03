package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol's headers, as its specification has them. */
class ProxyHeaderTest {

    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443,                                    203.0.113.7,      56324",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535,                         255.255.255.255,  65535",
        "PROXY TCP6 2001:db8::7 2001:db8::1 56324 443,                                  2001:db8:0:0:0:0:0:7, 56324",
        "PROXY UNKNOWN,                                                                 , 0",
        "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535,                     , 0"
    })
    void readsALine(String line, String source, int port) throws Exception {
        ByteBuffer in = text(line + "\r\nGET /");

        ProxyHeader header = ProxyHeader.parse(in);

        assertThat(ISO_8859_1.decode(in).toString()).isEqualTo("GET /");
        if (source == null) {
            assertThat(header.source()).isNull();
        } else {
            assertThat(header.source().getAddress().getHostAddress()).isEqualTo(source);
            assertThat(header.source().getPort()).isEqualTo(port);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 56324\r\n",
                "PROXY TCP4 localhost 192.0.2.1 56324 443\r\n",
                "PROXY TCP4 203.0.113.700 192.0.2.1 56324 443\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 56324 443\r\n",
                "PROXY TCP6 203.0.113.7 192.0.2.1 56324 443\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 056 443\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 -1 443\r\n",
                "PROXY TCP4  203.0.113.7 192.0.2.1 1 443\r\n",
                "PROXY UDP4 203.0.113.7 192.0.2.1 1 443\r\n",
                "proxy TCP4 203.0.113.7 192.0.2.1 1 443\r\n",
                "PROXYTCP4",
                "\r\n\r\n\0\r\nQUIX\n"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> ProxyHeader.parse(text(text))).isInstanceOf(ProxyHeader.MalformedException.class);
    }

    @Test
    void refusesALineThatIsTooLongBeforeItsEnd() throws Exception {
        assertThat(ProxyHeader.parse(text("PROXY UNKNOWN" + "x".repeat(93)))).isNull();
        assertThatThrownBy(() -> ProxyHeader.parse(text("PROXY UNKNOWN " + "x".repeat(93))))
                .hasMessageContaining("longer than 107 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        // version and command, family, length, addresses
        "21, 11, 000c, cb007107 c0000201 dc04 01bb,                                              203.0.113.7",
        "21, 21, 0024, 20010db8000000000000000000000007 20010db8000000000000000000000001 dc04 01bb,"
                + " 2001:db8:0:0:0:0:0:7",
        "21, 11, 0014, cb007107 c0000201 dc04 01bb ee 0005 6162636465,                           203.0.113.7",
        "20, 00, 0000, '',                                                                       ",
        "20, 11, 000c, cb007107 c0000201 dc04 01bb,                                              ",
        "21, 00, 0003, 010203,                                                                   ",
        "21, 12, 000c, cb007107 c0000201 dc04 01bb,                                              "
    })
    void readsVersion2(String command, String family, String length, String rest, String source) throws Exception {
        byte[] header = HexFormat.of().parseHex((V2 + command + family + length + rest).replace(" ", ""));
        ByteBuffer in = ByteBuffer.allocate(header.length + 3)
                .put(header)
                .put(new byte[] {1, 2, 3})
                .flip();

        for (int known = 1; known < header.length; known++) {
            ByteBuffer part = in.duplicate().limit(known);
            assertThat(ProxyHeader.parse(part)).as("of %s bytes", known).isNull();
            assertThat(part.position()).isZero();
        }
        ProxyHeader parsed = ProxyHeader.parse(in);

        assertThat(in.remaining()).isEqualTo(3);
        if (source == null) {
            assertThat(parsed.source()).isNull();
        } else {
            assertThat(parsed.source().getAddress().getHostAddress()).isEqualTo(source);
            assertThat(parsed.source().getPort()).isEqualTo(56324);
            assertThat(parsed.destination().getPort()).isEqualTo(443);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"11 11 000c", "22 11 000c", "21 11 000b", "21 21 0023", "21 11 ffff", "21 00 0ff1"})
    void refusesWhatVersion2DoesNotHave(String beginning) {
        byte[] header = HexFormat.of().parseHex((V2 + beginning).replace(" ", ""));

        assertThatThrownBy(() -> ProxyHeader.parse(ByteBuffer.wrap(header)))
                .isInstanceOf(ProxyHeader.MalformedException.class);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }
}
