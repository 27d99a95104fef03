package dev.sallyport.plugins.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.TestAuthority;
import dev.sallyport.testkit.WatchedEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API server over TLS, whose certificate is of an authority of its own, as each cluster's is. */
final class ApiServerTlsTest {

    private static final String SECRET = "secret-of-the-account";

    @TempDir
    private static Path folder;

    private static TestAuthority ours;
    private static TestAuthority strangers;

    private final FakeContext context = FakeContext.create();

    @BeforeAll
    static void issue() throws Exception {
        ours = new TestAuthority(folder.resolve("ours"));
        ours.issue("api", "EC", "127.0.0.1", "kubernetes.default.svc");
        ours.issue("renamed", "EC", "kubernetes.default.svc");
        ours.issue("expired", "EC", -30, "127.0.0.1");
        strangers = new TestAuthority(folder.resolve("strangers"));
    }

    @AfterEach
    void close() {
        context.close();
    }

    private WatchedEndpoints watch(ApiServer server, @Nullable Path ca) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), SECRET);
        Discovery discovery = context.createDiscovery(
                new KubernetesFactory(), new KubernetesConfig(server.address(), token, ca, null));
        return WatchedEndpoints.of(discovery, new Discovery.Query("orders", null, "http"));
    }

    private static void put(ApiServer server, String address) {
        server.put("orders", "orders-a", List.of(Map.of("port", 8080)), List.of(Map.of("addresses", List.of(address))));
    }

    @Test
    void isKnownByTheAuthorityThatIsGiven() throws Exception {
        try (ApiServer server = ApiServer.start(ours.client("api"))) {
            server.asksFor(SECRET);
            put(server, "10.0.0.1");
            try (WatchedEndpoints watched = watch(server, ours.file("ca.pem"))) {
                watched.await("http://10.0.0.1:8080");
                put(server, "10.0.0.2");
                watched.await("http://10.0.0.2:8080");

                assertThat(watched.failures()).isEmpty();
            }
        }
    }

    @Test
    void anotherAuthorityIsAFailureThatSaysSo() throws Exception {
        try (ApiServer server = ApiServer.start(ours.client("api"))) {
            failsFor(server, strangers.file("ca.pem"), "unable to find valid certification path");
        }
    }

    @Test
    void withoutAnAuthorityThoseOfJavaHold() throws Exception {
        try (ApiServer server = ApiServer.start(ours.client("api"))) {
            failsFor(server, null, "unable to find valid certification path");
        }
    }

    @ParameterizedTest
    @CsvSource({"renamed, No subject alternative names matching IP address 127.0.0.1", "expired, validity check failed"
    })
    void aCertificateThatIsNotGoodForItIsAFailureThatSaysSo(String certificate, String why) throws Exception {
        try (ApiServer server = ApiServer.start(ours.client(certificate))) {
            failsFor(server, ours.file("ca.pem"), why);
        }
    }

    /** Nothing of a request comes, so that nobody who cannot be trusted learns the token. */
    private void failsFor(ApiServer server, @Nullable Path ca, String why) throws IOException {
        try (WatchedEndpoints watched = watch(server, ca)) {
            watched.awaitFailures(2);

            assertThat(watched.failures())
                    .allSatisfy(failure -> assertThat(failure)
                            .contains(server.address() + " cannot be reached")
                            .contains(why)
                            .doesNotContain(SECRET));
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aFileWithoutCertificatesIsRefusedWithItsName() throws Exception {
        Path file = Files.writeString(folder.resolve("empty.pem"), "nothing");
        try (ApiServer server = ApiServer.start(ours.client("api"))) {
            assertThatThrownBy(() -> watch(server, file))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(file + " cannot be used");
        }
    }
}
