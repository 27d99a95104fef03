package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyHashTest {

    /** FIPS 180-4, appendix: SHA-256 of "abc". */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void isTheSha256OfTheKey() {
        assertThat(KeyHash.of("abc")).isEqualTo(KeyHash.parse("sha256:" + OF_ABC));
    }

    @Test
    void showsOnlyItsFront() {
        assertThat(KeyHash.of("abc")).hasToString("sha256:ba7816bf…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-plain-key-by-mistake",
                "sha256:",
                "sha256:ba7816bf",
                "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
                "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            })
    void refusesAnythingElseWithoutRepeatingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyHash.parse(text))
                .withMessageContaining("expected: sha256: and the 64 lower-case hexadecimal digits")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("mistake", "7816bf", "9993e"));
    }
}
