package dev.sallyport.marketplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysTest {

    private static final String A = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    @Test
    void aPrivateKeyIsReadWithItsPublicKey() {
        assertThat(Keys.A.publicKey()).hasToString(A);
    }

    @Test
    void aNewKeyIsReadAsItWasWritten() throws MalformedException {
        Signer made = Signer.generate();

        Signer read = Signer.parse(made.toPem());

        assertThat(read.publicKey()).isEqualTo(made.publicKey());
        assertThat(read.toPem()).isEqualTo(made.toPem());
        assertThat(made.publicKey()).isNotEqualTo(Signer.generate().publicKey());
    }

    @Test
    void aPublicKeyIsReadFromBase64AndFromPem() {
        String pem = "-----BEGIN PUBLIC KEY-----\n" + A.substring(0, 40) + "\n" + A.substring(40)
                + "\n-----END PUBLIC KEY-----\n";

        assertThat(PublisherKey.parse(A)).isEqualTo(PublisherKey.parse(pem)).hasToString(A);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUQ==",
                // X25519 and P-256: other algorithms than signatures here.
                "MCowBQYDK2VuAyEAhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=",
                "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q=="
            })
    void whatIsNoPublicKeyIsRefused(String text) {
        assertThatThrownBy(() -> PublisherKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: an Ed25519 public key, in base64 or PEM)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v",
                "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----",
                "-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----"
            })
    void whatIsNoPrivateKeyIsRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(() -> Signer.parse(text))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("is no private key")
                .message()
                .doesNotContain("secret", "MC4C");
    }

    @Test
    void aSignerNeverShowsItsKey() {
        assertThat(Keys.A.toString())
                .doesNotContain(Keys.A.toPem().lines().toList().get(1));
    }

    @Test
    void aKeyThatIsListedTwiceIsOneKey() {
        Publisher publisher =
                new Publisher("acme", List.of(PublisherKey.parse(A), PublisherKey.parse(A)), List.of(), 1);

        assertThat(publisher.keys()).hasSize(1);
    }
}
