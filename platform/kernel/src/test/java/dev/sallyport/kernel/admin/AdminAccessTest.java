package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.config.Rate;
import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reaches the admin API, how often, and the levels of the log that it sets. */
final class AdminAccessTest {

    @TempDir
    private Path home;

    private static String hash(X509Certificate certificate) throws Exception {
        return "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    private static int status(RunningGateway running, SSLContext tls, String method, String path, String... headers)
            throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:"
                            + running.gateway().adminAddress().port() + path))
                    .method(method, HttpRequest.BodyPublishers.noBody());
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    /** A client may keep a certificate to itself that the server does not ask for, or show it and be cut off. */
    private static boolean refused(RunningGateway running, SSLContext tls) throws Exception {
        try {
            return status(running, tls, "GET", "/v1/routes") == 401;
        } catch (IOException cutOff) {
            return true;
        }
    }

    @Test
    void aClientCertificateStandsForATokenWithItsRole() throws Exception {
        TestAuthority authority = new TestAuthority(Files.createDirectories(home.resolve("pki")));
        authority.issue("admin", "EC", "localhost");
        X509Certificate alice = authority.issue("alice", "EC");
        authority.issue("bob", "EC");
        try (RunningGateway running = RunningGateway.in(home, """
            admin:
              address: "127.0.0.1:0"
              tls: {certificate: pki/admin.pem, key: pki/admin.key, clientAuth: optional, clientCa: pki/ca.pem}
              tokens: [{name: alice, role: read, certificate: "%s"}]
            routes: []
            """.formatted(hash(alice)))) {
            String token = Files.readString(home.resolve("data/admin.token")).strip();

            assertThat(status(running, authority.client("alice"), "GET", "/v1/routes"))
                    .isEqualTo(200);
            assertThat(status(running, authority.client("alice"), "POST", "/v1/config/apply"))
                    .isEqualTo(403);
            assertThat(status(running, authority.client("bob"), "GET", "/v1/routes"))
                    .isEqualTo(401);
            assertThat(status(running, authority.client(null), "GET", "/v1/routes"))
                    .isEqualTo(401);
            assertThat(status(running, authority.client(null), "GET", "/v1/routes", "authorization", "Bearer " + token))
                    .isEqualTo(200);
            assertThat(status(
                            running,
                            authority.client("alice"),
                            "GET",
                            "/v1/routes",
                            "authorization",
                            "Bearer nobody-knows-this"))
                    .isEqualTo(401);
            assertThat(status(running, authority.client("alice"), "GET", "/v1/routes", "origin", "https://evil.test"))
                    .isEqualTo(403);
            TestAuthority strangers = new TestAuthority(Files.createDirectories(home.resolve("strange")));
            strangers.issue("mallory", "EC");
            assertThat(refused(running, strangers.client("mallory", authority))).isTrue();
        }
    }

    @Test
    void whoCallsTooOftenIsToldToWait() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, """
            admin: {address: "127.0.0.1:0", rate: 5/h}
            routes: []
            """)) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            for (int i = 0; i < 5; i++) {
                assertThat(admin.get("/v1/routes").status()).isEqualTo(200);
            }

            Told told = admin.get("/v1/routes");

            assertThat(told.status()).isEqualTo(429);
            assertThat(told.type()).isEqualTo("too-many-calls");
            assertThat(told.response().headers().firstValue("retry-after").map(Integer::parseInt))
                    .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(600, 721));
            assertThat(admin.as("a-guess-of-a-token").get("/v1/routes").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void whoKeepsToTheRateIsNeverToldToWait() {
        CallRate calls = new CallRate();
        Rate rate = Rate.parse("10/s");
        long second = 1_000_000_000;

        for (int i = 0; i < 10; i++) {
            assertThat(calls.take("a", rate, 0)).isZero();
        }
        assertThat(calls.take("a", rate, 0)).isEqualTo(second / 10);
        assertThat(calls.take("b", rate, 0)).isZero();
        for (int i = 1; i < 100; i++) {
            assertThat(calls.take("a", rate, i * second / 10)).isZero();
        }
    }

    @Test
    void aLevelOfTheLogIsSetForATime() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, "routes: []\n")) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told set = admin.send(
                    "PUT", "/v1/log?logger=rate-limit&level=debug&for=10m", HttpRequest.BodyPublishers.noBody());

            assertThat(set.status()).isEqualTo(200);
            assertThat(set.json().path("temporary").toString())
                    .contains("\"logger\":\"rate-limit\"", "\"level\":\"debug\"", "\"until\":");
            assertThat(admin.get("/v1/log").json().path("temporary")).hasSize(1);
            assertThat(admin.delete("/v1/log?logger=rate-limit").json().path("temporary"))
                    .isEmpty();
            admin.send("PUT", "/v1/log?level=debug&for=1s", HttpRequest.BodyPublishers.noBody());
            RunningGateway.await(
                    () -> admin.get("/v1/log").json().path("temporary").isEmpty());
            for (String wrong : new String[] {"level=loud&for=1m", "level=debug", "level=debug&for=25h"}) {
                assertThat(admin.send("PUT", "/v1/log?" + wrong, HttpRequest.BodyPublishers.noBody())
                                .status())
                        .isEqualTo(400);
            }
        }
    }
}
