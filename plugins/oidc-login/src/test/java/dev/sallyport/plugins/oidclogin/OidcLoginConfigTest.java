package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OidcLoginConfigTest {

    private static final String ISSUER = "https://id.example.com";

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : OidcLoginConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }

        assertThat(defaults)
                .containsOnly(
                        Map.entry("clientAuth", "client_secret_basic"),
                        Map.entry("scopes", "[openid, profile, email]"),
                        Map.entry("par", "true"),
                        Map.entry("afterLogout", "/"),
                        Map.entry("sessions", "cookie"),
                        Map.entry("store", "memory"),
                        Map.entry("idle", "1h"),
                        Map.entry("lifetime", "12h"),
                        Map.entry("consumer", "sub"),
                        Map.entry("forward", "false"),
                        Map.entry("skew", "30s"),
                        Map.entry("timeout", "5s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id.example.com", "ftp://id.example.com", "https://a.b/?x", "https://a.b/#x", "a b"})
    void refusesAnIssuerThatNothingCanBeFoundFrom(String issuer) {
        assertRefused("issuer", () -> Configs.of(issuer).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "a passphrase that is long enough to be thirty-two", "AAAA"})
    void refusesAKeyThatIsNoneWithoutShowingIt(String key) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Configs.of(ISSUER).keys(Configs.KEY, key).build())
                .returns("keys", ConfigException::key)
                .withMessage("one of them (expected: 32 bytes in base64, as openssl rand -base64 32 makes them)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "redirect_uri", "client_id", "nonce", "code_challenge_method"})
    void refusesAParameterThatTheStepSets(String name) {
        assertRefused(
                "parameters." + name,
                () -> Configs.of(ISSUER).parameters(Map.of(name, "x")).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "goodbye", "//evil.example.com", "/\\evil.example.com", "https://evil.example.com", "/a b"})
    void refusesAPlaceAfterLogoutThatIsNoPath(String path) {
        assertRefused("afterLogout", () -> Configs.of(ISSUER).afterLogout(path).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example.com", "https://app.example.com/", "https://app.example.com/x", "ftp://a.b"})
    void refusesAnOriginThatIsNone(String origin) {
        assertRefused("origin", () -> Configs.of(ISSUER).origin(origin).build());
    }

    @Test
    void refusesALifetimeShorterThanTheIdleTime() {
        assertRefused(
                "lifetime",
                () -> Configs.of(ISSUER)
                        .limits(Duration.ofHours(2), Duration.ofHours(1))
                        .build());
    }

    @Test
    void refusesCookiesThatBrowsersWouldNotKeep() {
        assertRefused("name", () -> new SessionCookie("__Host-session", "example.com", true));
        assertRefused("name", () -> new SessionCookie("__Host-session", null, false));
        assertRefused("name", () -> new SessionCookie("__Secure-session", null, false));
        assertRefused("name", () -> new SessionCookie("a b", null, true));
        assertThat(new SessionCookie("__Secure-session", "example.com", true)).isNotNull();
        assertThat(new SessionCookie("session", null, false)).isNotNull();
    }

    @Test
    void refusesPathsThatAreNone() {
        assertRefused("callback", () -> new Paths("callback", "/b", "/c", "/d"));
        assertRefused("logout", () -> new Paths("/a", "/b", "//c", "/d"));
        assertRefused("", () -> new Paths("/a", "/a", "/c", "/d"));
    }

    @Test
    void neverShowsItsSecrets() {
        assertThat(Configs.of(ISSUER).build().toString()).doesNotContain(TestProvider.SECRET, Configs.KEY);
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(making::run)
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
