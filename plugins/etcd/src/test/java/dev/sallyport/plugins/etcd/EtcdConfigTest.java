package dev.sallyport.plugins.etcd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.Secret;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EtcdConfigTest {

    private static final List<URI> ONE = List.of(URI.create("http://127.0.0.1:2379"));

    @Test
    void endpointsAreUrlsWithoutAPath() {
        assertThatThrownBy(() -> new EtcdConfig(List.of(URI.create("localhost:2379")), "/", null, null))
                .hasMessageContaining("expected: a URL such as http://127.0.0.1:2379");
        assertThatThrownBy(() -> new EtcdConfig(List.of(URI.create("http://127.0.0.1:2379/v3")), "/", null, null))
                .hasMessageContaining("expected: a URL such as http://127.0.0.1:2379");
    }

    @Test
    void thePrefixEndsWithASlash() {
        assertThatThrownBy(() -> new EtcdConfig(ONE, "/services", null, null)).hasMessageContaining("write /services/");
    }

    @Test
    void userAndPasswordGoTogether() {
        assertThatThrownBy(() -> new EtcdConfig(ONE, "/", "gateway", null)).hasMessageContaining("add the other");
        assertThatThrownBy(() -> new EtcdConfig(ONE, "/", null, Secret.parse("x")))
                .hasMessageContaining("add the other");
    }
}
