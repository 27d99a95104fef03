package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.config.Secret;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealTest {

    private static final Secret KEY = Secret.parse(Configs.KEY);
    private static final Secret OTHER = Secret.parse(Configs.OTHER_KEY);

    private static Seal seal(Secret... keys) {
        return new Seal(List.of(keys), "session", "https://id.example.com", "shop");
    }

    @Test
    void opensWhatItClosed() {
        assertThat(seal(KEY).open(seal(KEY).close("grüße"))).isEqualTo("grüße");
    }

    @Test
    void closesTheSameTextDifferentlyEachTime() {
        Seal seal = seal(KEY);

        assertThat(seal.close("text")).isNotEqualTo(seal.close("text")).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void encryptsByTheFirstKeyAndDecryptsByAll() {
        String old = seal(OTHER).close("text");
        Seal rotated = seal(KEY, OTHER);

        assertThat(rotated.open(old)).isEqualTo("text");
        assertThat(seal(KEY).open(rotated.close("text"))).isEqualTo("text");
        assertThat(seal(OTHER).open(rotated.close("text"))).isNull();
    }

    @Test
    void opensNothingOfAnotherPurposeProviderOrClient() {
        String sealed = seal(KEY).close("text");

        assertThat(new Seal(List.of(KEY), "login", "https://id.example.com", "shop").open(sealed))
                .isNull();
        assertThat(new Seal(List.of(KEY), "session", "https://evil.example.com", "shop").open(sealed))
                .isNull();
        assertThat(new Seal(List.of(KEY), "session", "https://id.example.com", "bank").open(sealed))
                .isNull();
    }

    @Test
    void opensNothingThatWasChangedAnywhere() {
        byte[] sealed = Base64.getUrlDecoder().decode(seal(KEY).close("text"));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThat(seal(KEY).open(Base64.getUrlEncoder().withoutPadding().encodeToString(changed)))
                    .as("byte " + i)
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAA"})
    void opensNothingThatItNeverClosed(String sealed) {
        assertThat(seal(KEY).open(sealed)).isNull();
    }

    @Test
    void takesKeysInBothAlphabetsOfBase64() {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) 0xfb);

        assertThat(Seal.isKey(Secret.parse(Base64.getEncoder().encodeToString(bytes))))
                .isTrue();
        assertThat(Seal.isKey(
                        Secret.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))))
                .isTrue();
        assertThat(Seal.isKey(Secret.parse("+".repeat(22)))).isFalse();
    }
}
