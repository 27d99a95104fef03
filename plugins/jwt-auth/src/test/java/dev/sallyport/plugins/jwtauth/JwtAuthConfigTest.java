package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Secret;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtAuthConfigTest {

    private static final Jwks KEYS = new Jwks(URI.create("https://id.example.com/keys"), null);

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : JwtAuthConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "-" : value.value());
        }

        assertThat(defaults).hasSize(15);
        assertThat(defaults)
                .containsEntry("issuer", "-")
                .containsEntry("audience", "-")
                .containsEntry("jwks", "-")
                .containsEntry(
                        "algorithms", "[RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519]")
                .containsEntry("scopes", "-")
                .containsEntry("claims", "-")
                .containsEntry("also", "-")
                .containsEntry("types", "[JWT, at+jwt]")
                .containsEntry("remember", "5000")
                .containsEntry("dpop", "-")
                .containsEntry("skew", "30s")
                .containsEntry("consumer", "sub")
                .containsEntry("forward", "true")
                .containsEntry("refresh", "10m")
                .containsEntry("staleFor", "1d");
    }

    @ParameterizedTest
    @CsvSource({
        "https://id.example.com,https://id.example.com/.well-known/openid-configuration",
        "https://id.example.com/,https://id.example.com/.well-known/openid-configuration",
        "https://id.example.com/realms/shop,https://id.example.com/realms/shop/.well-known/openid-configuration",
        "http://127.0.0.1:8080/realms/shop/,http://127.0.0.1:8080/realms/shop/.well-known/openid-configuration"
    })
    void findsTheProvidersMetadataFromTheIssuer(String issuer, String metadata) {
        assertThat(Configs.of(issuer, null).build().issuers().getFirst().discovery())
                .hasToString(metadata);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "id.example.com", "ftp://id.example.com", "https://a.b/?x", "https://a.b/#x", "a b"})
    void refusesAnIssuerThatNoKeysCanBeFoundFrom(String issuer) {
        assertRefused("issuer", () -> Configs.of(issuer, null).build());
    }

    @Test
    void takesAnyIssuerWhereTheKeysAreNamed() {
        assertThat(Configs.of("accounts", KEYS).build().issuer()).isEqualTo("accounts");
        assertRefused("issuer", () -> Configs.of("", KEYS).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512", "none", "None", "NONE", "ES256K", "rs256", "", "A128KW"})
    void refusesAlgorithmsWithoutAPublicKey(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignatureAlgorithm.parse(name))
                .withMessageStartingWith(name + " (expected: one of ES256, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders read", "a\"b", "a\\b", "é"})
    void refusesWhatIsNoScope(String scope) {
        assertRefused("scopes", () -> Configs.of("a", KEYS).scopes(scope).build());
    }

    @Test
    void refusesKeysThatAreTooOldBeforeTheyAreFetchedAgain() {
        assertRefused(
                "staleFor",
                () -> Configs.of("a", KEYS).staleFor(Duration.ofMinutes(9)).build());
    }

    @Test
    void takesFurtherIssuersThatAreMeantForTheSameWhereTheyDoNotSay() {
        Issuer partner = new Issuer("https://partner.example.com", List.of(), null, null);
        Issuer bank = new Issuer("https://bank.example.com", List.of("bank"), null, "bank:");

        List<Issuer> issuers = Configs.of("a", KEYS).also(partner, bank).build().issuers();

        assertThat(issuers)
                .extracting(Issuer::audience)
                .containsExactly(List.of("shop"), List.of("shop"), List.of("bank"));
        assertThat(issuers)
                .extracting(issuer -> issuer.caller("alice"))
                .containsExactly("alice", "https://partner.example.com#alice", "bank:alice");
    }

    @Test
    void refusesAnIssuerThatIsThereTwice() {
        Issuer same = new Issuer("a", List.of(), KEYS, null);

        assertRefused("also[0]", () -> Configs.of("a", KEYS).also(same).build());
    }

    @Test
    void refusesANonceKeyThatIsShort() {
        assertRefused("nonceKey", () -> new Dpop(true, Duration.ofMinutes(1), 1_000, Secret.parse("short")));
    }

    @Test
    void takesEitherAUrlOrAFile() {
        assertRefused("", () -> new Jwks(null, null));
        assertRefused("", () -> new Jwks(URI.create("https://id.example.com/keys"), Path.of("keys.json")));
        assertThat(new Jwks(null, Path.of("keys.json")).file()).hasFileName("keys.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys.json", "ftp://id.example.com/keys", "https:///keys"})
    void refusesAUrlThatIsNone(String url) {
        assertRefused("url", () -> new Jwks(URI.create(url), null));
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(making::run)
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
