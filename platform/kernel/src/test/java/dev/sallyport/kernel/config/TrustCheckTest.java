package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.marketplace.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that read whom a configuration trusts, and nothing else of it, are as strict as the gateway. */
final class TrustCheckTest {

    private static final String KEY = Signer.generate().publicKey().toString();

    @TempDir
    private Path temp;

    private @Nullable TrustConfig trust(String... markets) throws IOException {
        StringBuilder yaml = new StringBuilder("routes: []\ntrust:\n  marketplaces:\n");
        for (String each : markets) {
            yaml.append("    - {").append(each).append(", keys: [").append(KEY).append("]}\n");
        }
        Path file = Files.writeString(temp.resolve("gateway.yaml"), yaml.toString());
        return new ConfigReader(file, temp, any -> null).trust();
    }

    @Test
    void takesWhatIsRight() throws Exception {
        TrustConfig trust = trust("name: shop, url: 'https://plugins.example.com/@scope/'", "name: other, url: other");

        assertThat(trust).isNotNull();
        assertThat(trust.marketplaces()).hasSize(2);
    }

    @Test
    void refusesTwoOfOneName() throws Exception {
        assertThat(trust("name: shop, url: one", "name: shop, url: other")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: ../shop, url: one",
                "name: shop, url: 'ftp://plugins.example.com/'",
                "name: shop, url: 'https://user:password@plugins.example.com/'",
                "name: shop, url: one, proxy: 'http://user:password@proxy.example.com:3128'",
                "name: shop, url: one, proxy: 'https://proxy.example.com:3128'",
                "name: shop, url: one, threshold: 2"
            })
    void refusesWhatNoGatewayTakes(String market) throws Exception {
        assertThat(trust(market)).isNull();
    }
}
