package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of the unpacked product, as clients that others have written see it. */
final class TlsIT {

    private static StreamServer stream;
    private static EchoServer echo;
    private static Product product;
    private static Path folder;
    private static URI web;
    private static URI partners;

    @BeforeAll
    static void start() throws Exception {
        Command.installed("curl");
        Command.installed("openssl");
        folder = Folders.temporary("tls");
        certificate("web", "localhost");
        certificate("alice", "alice");
        certificate("mallory", "mallory");
        echo = new EchoServer();
        stream = new StreamServer();
        product = Product.with("""
            version: 1
            listeners:
              - {name: web, address: "127.0.0.1:0", tls: {certificate: %1$s/web.pem, key: %1$s/web.key}}
              - name: partners
                address: 127.0.0.1:0
                tls:
                  certificate: %1$s/web.pem
                  key: %1$s/web.key
                  clientAuth: required
                  clientCa: %1$s/alice.pem
              - name: hurried
                address: 127.0.0.1:0
                tls: {certificate: %1$s/web.pem, key: %1$s/web.key}
                limits: {headerTimeout: 1s}
            admin: {address: "127.0.0.1:0"}
            status: {address: "127.0.0.1:0"}
            routes:
              - {name: hello, match: {paths: [/hello]}, plugins: [{respond: {body: hello}}]}
              - {name: events, match: {paths: [/events]}, upstream: "%3$s"}
              - {name: all, upstream: "%2$s"}
            """.formatted(folder, echo.address(), stream.address()))
                .start();
        web = product.addresses().get("web");
        partners = product.addresses().get("partners");
    }

    @AfterAll
    static void stop() {
        product.close();
        echo.close();
        stream.close();
        Folders.delete(folder);
    }

    private static void certificate(String name, String host) {
        Command.run(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=" + name,
                        "-addext",
                        "subjectAltName=DNS:" + host,
                        "-keyout",
                        folder.resolve(name + ".key").toString(),
                        "-out",
                        folder.resolve(name + ".pem").toString())
                .succeeds();
    }

    @Test
    void curlSpeaksHttp2AndHttp1() {
        assertThat(curl("--http2", "-w", " %{http_version}", at(web, "/hello")).out())
                .endsWith("hello 2");
        assertThat(curl("--http1.1", "-w", " %{http_version}", at(web, "/hello"))
                        .out())
                .endsWith("hello 1.1");
        assertThat(curl("--tlsv1.2", "--tls-max", "1.2", at(web, "/hello")).out())
                .endsWith("hello");
    }

    @Test
    void upstreamsHearThatItWasHttps() {
        assertThat(curl("--http2", at(web, "/headers")).out().toLowerCase(Locale.ROOT))
                .contains("x-forwarded-proto: https");
    }

    @Test
    void curlMustShowAGoodCertificate() {
        assertThat(curl(
                                "--cert",
                                folder.resolve("alice.pem").toString(),
                                "--key",
                                folder.resolve("alice.key").toString(),
                                at(partners, "/hello"))
                        .out())
                .endsWith("hello");
        assertThat(curl(at(partners, "/hello")).status()).isNotZero();
        assertThat(curl(
                                "--cert",
                                folder.resolve("mallory.pem").toString(),
                                "--key",
                                folder.resolve("mallory.key").toString(),
                                at(partners, "/hello"))
                        .status())
                .isNotZero();
    }

    @Test
    void aHandshakeThatDoesNotComeIsCutOffCountedAndTold() {
        URI hurried = product.addresses().get("hurried");
        try (RawConnection silent = new RawConnection(hurried);
                RawConnection begun = new RawConnection(hurried).send("\u0016\u0003\u0001")) {
            assertThat(silent.readAll()).isEmpty();
            assertThat(begun.readAll()).isEmpty();
        }

        product.output().await("listener hurried: limits.headerTimeout was met");
        assertThat(product.status().get("/metrics").body())
                .containsPattern("sallyport_limits_met_total\\{[^}]*limit=\"headerTimeout\"[^}]*} 2.0\n")
                .contains("sallyport_connections{listener=\"hurried\"} 0.0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http2", "--http1.1"})
    void eventsArriveWhileTheirStreamGoesOn(String protocol) throws Exception {
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sS",
                        "-N",
                        protocol,
                        "--cacert",
                        folder.resolve("web.pem").toString(),
                        at(web, "/events"))
                .redirectErrorStream(true)
                .start();
        try {
            Output output = Output.of(curl);
            await().until(() -> stream.streams() > 0);

            stream.tick("first");

            output.await("first");
            assertThat(curl.isAlive()).isTrue();
        } finally {
            curl.destroy();
            await().until(() -> {
                stream.tick("last"); // it learns by writing that nobody is there
                return stream.streams() == 0;
            });
        }
    }

    @Test
    void h2loadReportsNoError() {
        Command.installed("h2load");

        Command load = Command.run("h2load", "-n", "2000", "-c", "10", "-m", "10", at(web, "/hello"));

        assertThat(load.out()).contains("2000 succeeded, 0 failed, 0 errored, 0 timeout");
    }

    private static String at(URI listener, String path) {
        return "https://localhost:" + listener.getPort() + path;
    }

    private static Command curl(String... arguments) {
        String[] line = new String[arguments.length + 4];
        line[0] = "curl";
        line[1] = "-sS";
        line[2] = "--cacert";
        line[3] = folder.resolve("web.pem").toString();
        System.arraycopy(arguments, 0, line, 4, arguments.length);
        return Command.run(line);
    }
}
