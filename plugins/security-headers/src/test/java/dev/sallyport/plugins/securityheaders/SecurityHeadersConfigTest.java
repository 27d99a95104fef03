package dev.sallyport.plugins.securityheaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecurityHeadersConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "off",
                "max-age=0",
                "max-age=31536000; includeSubDomains",
                "max-age=63072000; includeSubDomains; preload",
                "includeSubDomains; max-age=\"1\"",
            })
    void takesTransportSecurity(String value) {
        assertThatCode(() -> Configs.defaults().with("hsts", value).build()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            quoteCharacter = '`',
            value = {
                "hsts | 31536000 | '31536000' (expected: max-age=SECONDS",
                "hsts | includeSubDomains | (expected: max-age=SECONDS in it",
                "hsts | max-age=31536000; preload | (expected: with preload, includeSubDomains and a max-age of"
                        + " 31536000",
                "hsts | max-age=300; includeSubDomains; preload | (expected: with preload",
                "contentSecurityPolicy | default-src 'self'; frame-ancestors 'none' | use the key frames",
                "referrerPolicy | never | 'never' (expected: one of no-referrer, ",
                "openerPolicy | same-site | 'same-site' (expected: one of noopener-allow-popups, off, ",
                "embedderPolicy | yes | (expected: one of credentialless, off, require-corp, unsafe-none)",
                "resourcePolicy | yes | (expected: one of cross-origin, off, same-origin, same-site)",
            })
    void refusesWhatBrowsersWouldNotUnderstand(String key, String value, String message) {
        assertThatThrownBy(() -> Configs.defaults().with(key, value).build())
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key))
                .hasMessageContaining(message);
    }

    @Test
    void refusesWhatIsNoName() {
        assertThatThrownBy(() -> Configs.defaults().removing("x y").build())
                .isInstanceOf(ConfigException.class)
                .hasMessage("'x y' (expected: the name of a header)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "none | frame-ancestors 'none' | DENY",
                "self | frame-ancestors 'self' | SAMEORIGIN",
                "self https://*.example.com | frame-ancestors 'self' https://*.example.com | ''",
                "https://my-self.example:8443 | frame-ancestors https://my-self.example:8443 | ''",
            })
    void writesWhoMayFrameInBothFields(String text, String directive, String options) {
        FrameAncestors frames = FrameAncestors.parse(text);

        assertThat(frames.directive()).isEqualTo(directive);
        assertThat(frames.frameOptions()).isEqualTo(options.isEmpty() ? null : options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "everyone", "none self", "self off", "self  https://a.example", "'self'", "*"})
    void refusesOtherFrames(String text) {
        assertThatThrownBy(() -> FrameAncestors.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: none, self, origins such as");
    }
}
