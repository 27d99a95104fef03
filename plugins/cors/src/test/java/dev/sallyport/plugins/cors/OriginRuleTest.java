package dev.sallyport.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginRuleTest {

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "https://app.example.com | https://app.example.com",
                "HTTPS://App.Example.com | https://app.example.com",
                "https://app.example.com:443 | https://app.example.com",
                "http://app.example.com:80 | http://app.example.com",
                "http://app.example.com:443 | http://app.example.com:443",
                "http://localhost:3000 | http://localhost:3000",
                "http://localhost:* | http://localhost:*",
                "http://127.0.0.1:3000 | http://127.0.0.1:3000",
                "http://[::1]:3000 | http://[::1]:3000",
                "https://*.Example.com | https://*.example.com",
                "https://*.example.com:8443 | https://*.example.com:8443",
                "capacitor://localhost | capacitor://localhost",
                "null | null",
                "* | *",
            })
    void readsOriginsAsBrowsersWriteThem(String text, String written) {
        assertThat(OriginRule.parse(text).text()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.example.com",
                "//app.example.com",
                "https://",
                "https://app.example.com/",
                "https://app.example.com/path",
                "https://app.example.com?x",
                "https://user@app.example.com",
                "https://a.*.example.com",
                "https://app*.example.com",
                "https://*",
                "*.example.com",
                "https://app.example.com:",
                "https://app.example.com:123456",
                "https://bücher.example",
                "https://a.example https://b.example",
            })
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> OriginRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: an origin such as https://app.example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "https://app.example.com | https://app.example.com | true",
                "https://app.example.com | http://app.example.com | false",
                "https://app.example.com | https://app.example.com:8443 | false",
                "https://app.example.com | https://app.example.com.evil.test | false",
                "https://app.example.com | https://evil-app.example.com | false",
                "https://app.example.com | null | false",
                "https://*.example.com | https://app.example.com | true",
                "https://*.example.com | https://a.b.example.com | true",
                "https://*.example.com | https://example.com | false",
                "https://*.example.com | https://.example.com | false",
                "https://*.example.com | https://evilexample.com | false",
                "https://*.example.com | https://app.example.com.evil.test | false",
                "https://*.example.com | https://evil.test/.example.com | false",
                "https://*.example.com | https://evil.test#.example.com | false",
                "https://*.example.com | https://evil.test?.example.com | false",
                "https://*.example.com | https://evil.test:80.example.com | false",
                "https://*.example.com | https://user@app.example.com | false",
                "https://*.example.com | https://app..example.com | false",
                "https://*.example.com | https://app.example.com:8443 | false",
                "https://*.example.com | http://app.example.com | false",
                "https://*.example.com:8443 | https://app.example.com:8443 | true",
                "https://*.example.com:* | https://app.example.com:8443 | true",
                "https://*.example.com:* | https://app.example.com | true",
                "https://*.example.com:* | https://app.example.com:84x | false",
                "http://localhost:* | http://localhost:3000 | true",
                "http://localhost:* | http://localhost | true",
                "http://localhost:* | http://localhost.evil.test:3000 | false",
                "http://localhost:* | http://localhost:3000.evil.test | false",
                "http://[::1]:* | http://[::1]:3000 | true",
                "http://[::1]:* | http://[::1] | true",
                "null | null | true",
                "null | https://app.example.com | false",
                "* | https://app.example.com | true",
                "* | null | true",
            })
    void takesWhatItSays(String rule, String origin, boolean taken) {
        assertThat(OriginRule.parse(rule).takes(origin)).isEqualTo(taken);
    }

    @Test
    void ofManyRulesAnyMayTakeAnOrigin() {
        Origins origins = new Origins(Configs.of("https://a.example", "https://*.b.example", "http://localhost:*")
                .build()
                .origins());

        assertThat(origins.take("https://a.example")).isTrue();
        assertThat(origins.take("https://x.b.example")).isTrue();
        assertThat(origins.take("http://localhost:1")).isTrue();
        assertThat(origins.take("https://c.example")).isFalse();
    }
}
