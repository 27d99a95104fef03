package dev.sallyport.marketplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The values of the DSSE specification (protocol.md, and its vectors for Ed25519): {@code PAE(type, body) = "DSSEv1" + SP +
 * LEN(type) + SP + type + SP + LEN(body) + SP + body}, lengths in bytes, without leading zeros.
 */
final class DsseVectorsTest {

    private static final String INTOTO = "application/vnd.in-toto+json";
    private static final String BODY = "{\"_type\":\"https://in-toto.io/Statement/v1\"}";
    private static final String SIGNED_BY_A =
            "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==";
    private static final String SIGNED_BY_B =
            "c1+67/aT0yqEpwx8PsVY3MLHsj9D0CZ014/Fv/QlG59P+9CobUZ7xECJ/V3USG0Ob9CiE5LjReEZUzNF2l7eBw==";

    static Stream<Arguments> encodings() {
        return Stream.of(
                Arguments.of(
                        "http://example.com/HelloWorld",
                        "hello world",
                        "DSSEv1 29 http://example.com/HelloWorld 11 hello world"),
                Arguments.of(INTOTO, BODY, "DSSEv1 28 " + INTOTO + " 43 " + BODY),
                Arguments.of(INTOTO, "", "DSSEv1 28 " + INTOTO + " 0 "),
                Arguments.of("", BODY, "DSSEv1 0  43 " + BODY),
                // Bytes, not characters: 29 where there are 28.
                Arguments.of(
                        "application/vnd.ex\u00e4mple+json",
                        BODY,
                        "DSSEv1 29 application/vnd.ex\u00e4mple+json 43 " + BODY));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void whatIsSignedIsTypeAndBodyWithTheirLengths(String type, String body, String expected) {
        assertThat(Envelope.preAuthenticationEncoding(type, body.getBytes(StandardCharsets.UTF_8)))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(expected);
    }

    static Stream<Arguments> signatures() {
        return Stream.of(
                Arguments.of(Keys.A, INTOTO, BODY.getBytes(StandardCharsets.UTF_8), SIGNED_BY_A),
                Arguments.of(Keys.B, INTOTO, BODY.getBytes(StandardCharsets.UTF_8), SIGNED_BY_B),
                Arguments.of(
                        Keys.A,
                        INTOTO,
                        HexFormat.of().parseHex("fbffbf3e3f"),
                        "P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw=="),
                Arguments.of(
                        Keys.A,
                        INTOTO,
                        new byte[0],
                        "gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg=="),
                Arguments.of(
                        Keys.A,
                        "application/vnd.ex\u00e4mple+json",
                        BODY.getBytes(StandardCharsets.UTF_8),
                        "xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw=="));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void signaturesOfOthersAreVerifiedInBothAlphabets(Signer signer, String type, byte[] body, String signature)
            throws MalformedException {
        assertThat(Keys.publisher(1, signer).signatures(envelope(type, body, signature)))
                .isEqualTo(1);
        assertThat(Keys.publisher(1, signer == Keys.A ? Keys.B : Keys.A).signatures(envelope(type, body, signature)))
                .isZero();
    }

    @Test
    void anotherTypeThanTheSignedOneIsNotVerified() throws MalformedException {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);

        Envelope swapped = envelope("application/vnd.example.other+json", body, SIGNED_BY_A);

        assertThat(Keys.publisher(1, Keys.A).signatures(swapped)).isZero();
    }

    @Test
    void oneKeyTwiceIsOneSignature() throws MalformedException {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        Publisher both = Keys.publisher(2, Keys.A, Keys.B);

        assertThat(both.signatures(envelope(INTOTO, body, SIGNED_BY_A, SIGNED_BY_B)))
                .isEqualTo(2);
        assertThat(both.signatures(envelope(INTOTO, body, SIGNED_BY_A, SIGNED_BY_A)))
                .isEqualTo(1);
    }

    /** Without key ids: they are a hint only. */
    private static Envelope envelope(String type, byte[] body, String... signatures) throws MalformedException {
        String list = String.join("\"},{\"sig\":\"", signatures);
        return Envelope.parse("""
            {"payloadType": "%s", "payload": "%s", "signatures": [{"sig":"%s"}]}
            """.formatted(type, Base64.getUrlEncoder().encodeToString(body), list)
                .getBytes(StandardCharsets.UTF_8));
    }
}
