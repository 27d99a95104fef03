package dev.sallyport.plugins.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterTest {

    private static final KubernetesConfig NOTHING = new KubernetesConfig(null, null, null, null);

    @TempDir
    Path account;

    @Test
    void aPodKnowsAllByItself() throws IOException {
        Files.writeString(account.resolve("namespace"), "shop\n");

        Cluster cluster = Cluster.of(
                NOTHING, Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443"), account);

        assertThat(cluster)
                .isEqualTo(new Cluster(
                        URI.create("https://[fd00::1]:6443"),
                        account.resolve("token"),
                        account.resolve("ca.crt"),
                        "shop"));
    }

    @Test
    void settingsComeFirst() {
        KubernetesConfig config =
                new KubernetesConfig(URI.create("https://10.0.0.1:6443"), Path.of("token"), Path.of("ca.pem"), "shop");

        assertThat(Cluster.of(config, Map.of("KUBERNETES_SERVICE_HOST", "10.9.9.9"), account))
                .isEqualTo(new Cluster(config.url(), config.token(), config.ca(), "shop"));
    }

    @Test
    void elsewhereTheServerMustBeNamed() {
        assertThatThrownBy(() -> Cluster.of(NOTHING, Map.of(), account))
                .hasMessageContaining("this is no pod (expected: the API server's URL)");
    }
}
