package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Secret;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Propagation;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Protocol;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class OpenTelemetryConfigTest {

    private static void refused(Consumer<Configs> change, String message) {
        Configs configs = new Configs();
        change.accept(configs);
        assertThatThrownBy(configs::make).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    @Test
    void theEndpointIsAUrl() {
        refused(configs -> configs.endpoint = "localhost:4317", "expected: a URL such as http://127.0.0.1:4317");
        refused(configs -> configs.endpoint = "ftp://h:1", "expected: a URL such as http://127.0.0.1:4317");
        refused(configs -> configs.endpoint = "http://h:1?x=1", "expected: a URL such as http://127.0.0.1:4317");
    }

    @Test
    void aPasswordInTheEndpointIsNotShown() {
        Configs configs = new Configs();
        configs.endpoint = "http://user:s3cret@h:1";
        assertThatThrownBy(configs::make).hasMessageContaining("http://…").hasMessageNotContaining("s3cret");
    }

    @Test
    void onlyHttpHasAPath() {
        refused(configs -> configs.endpoint = "http://h:1/otlp", "expected: no path with protocol: grpc");
        Configs configs = new Configs();
        configs.endpoint = "http://h:1/otlp";
        configs.protocol = Protocol.HTTP;
        assertThat(configs.make().endpoint()).hasPath("/otlp");
    }

    @Test
    void tlsGoesWithHttps() {
        refused(configs -> configs.tls = new Tls(Path.of("ca.pem"), null, null), "expected: https:// for TLS");
    }

    @Test
    void certificateAndKeyGoTogether() {
        assertThatThrownBy(() -> new Tls(null, Path.of("a.pem"), null)).hasMessageContaining("together");
        assertThatThrownBy(() -> new Tls(null, null, Path.of("a.key"))).hasMessageContaining("together");
    }

    @Test
    void headersAreTheUsersOwn() {
        refused(configs -> configs.headers = Map.of("Content-Type", Secret.parse("x")), "that OTLP leaves free");
        refused(configs -> configs.headers = Map.of("a b", Secret.parse("x")), "that OTLP leaves free");
    }

    @Test
    void theRatioIsAShare() {
        refused(configs -> configs.ratio = 1.1, "expected: 0 to 1");
        refused(configs -> configs.ratio = Double.NaN, "expected: 0 to 1");
    }

    @Test
    void b3IsWrittenInOneForm() {
        refused(
                configs -> configs.propagation = List.of(Propagation.B3, Propagation.B3_MULTI),
                "expected: one of them");
    }

    @Test
    void aPortIsOneThatThereIs() {
        refused(configs -> configs.endpoint = "http://h:99999", "expected: a port from 1 to 65535");
        refused(configs -> configs.endpoint = "http://h:0", "expected: a port from 1 to 65535");
    }

    @Test
    void aHeaderValueThatCannotBeSentIsRefusedAndNotShown() {
        Configs configs = new Configs();
        configs.headers = Map.of("authorization", Secret.parse("Bearer s3cret\n"));
        assertThatThrownBy(configs::make)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line break")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void fieldsOfTheConnectionAreNotTheUsers() {
        for (String name : List.of("Connection", "expect", "Upgrade", "transfer-encoding")) {
            refused(configs -> configs.headers = Map.of(name, Secret.parse("x")), "that OTLP leaves free");
        }
    }

    @Test
    void theQueueHasRoomForOneRequest() {
        refused(configs -> configs.queue = 100, "expected: at least traces.spans, 128");
    }
}
