package dev.sallyport.kernel.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxiesTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HTTPS_PROXY", "http://secure:3128",
            "HTTP_PROXY", "plain:8080",
            "NO_PROXY", "localhost, .corp.example.com,exact.example.org");

    @ParameterizedTest
    @CsvSource({
        "https://plugins.example.com/,      secure",
        "http://plugins.example.com/,       plain",
        "https://a.corp.example.com/,       DIRECT",
        "https://corp.example.com.evil.io/, secure",
        "https://exact.example.org/,        DIRECT",
        "https://not-exact.example.org/,    secure",
        "https://LOCALHOST/,                DIRECT"
    })
    void theEnvironmentSaysWhichProxyReachesWhat(String uri, String proxy) {
        assertThat(new Proxies(null, ENVIRONMENT::get)
                        .select(URI.create(uri))
                        .getFirst()
                        .toString())
                .contains(proxy);
    }

    @Test
    void theConfigurationStandsAboveTheEnvironment() {
        assertThat(new Proxies(URI.create("http://own:1"), ENVIRONMENT::get)
                        .select(URI.create("https://localhost/"))
                        .getFirst()
                        .toString())
                .contains("own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://proxy:3128", "socks5://proxy:1080", "http://:3128", "http://pro xy:secret", "::"})
    void saysWhichVariableIsWrongAndNotWhatIsInIt(String value) {
        Proxies proxies = new Proxies(null, name -> name.equals("https_proxy") ? value : null);

        assertThatThrownBy(() -> proxies.check(URI.create("https://plugins.example.com/")))
                .isInstanceOf(MarketException.class)
                .hasMessageContaining("the environment variable HTTPS_PROXY")
                .hasMessageNotContaining(value);
        assertThatCode(() -> proxies.check(URI.create("http://plugins.example.com/")))
                .doesNotThrowAnyException();
    }
}
