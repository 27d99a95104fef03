package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * nginx as a target over TLS: it serves one name alone, by SNI, and clients whose certificate it trusts, over HTTP/1.1 and
 * HTTP/2.
 */
final class NginxTargetIT {

    private static final int BIG = 3_000_000;

    private static Path folder;
    private static Process nginx;
    private static Product product;

    @BeforeAll
    static void start() throws Exception {
        String program = Command.installed("nginx");
        folder = Folders.temporary("nginx-target");
        TestAuthority authority = new TestAuthority(folder.resolve("authority"));
        authority.issue("orders", "RSA", "orders.internal");
        authority.issue("gateway", "EC");
        TestAuthority strangers = new TestAuthority(folder.resolve("strangers"));
        strangers.issue("gateway", "EC");
        Files.write(folder.resolve("big"), new byte[BIG]);
        int port = Ports.free();
        nginx = nginx(program, port);
        Ports.awaitOpen(port);

        List<String> upstreams = new ArrayList<>();
        List<String> routes = new ArrayList<>();
        String shown = ", certificate: %1$s/%2$s/gateway.pem, key: %1$s/%2$s/gateway.key";
        add(upstreams, routes, "known", port, "orders.internal", shown.formatted(folder, "authority"));
        add(upstreams, routes, "strange", port, "orders.internal", shown.formatted(folder, "strangers"));
        add(upstreams, routes, "nobody", port, "orders.internal", "");
        add(upstreams, routes, "elsewhere", port, "other.internal", "");
        product = Product.with(Product.web(
                        "upstreams:\n" + String.join("", upstreams) + "routes:\n" + String.join("", routes)))
                .start();
    }

    /** An upstream for each protocol, and the route to it; the host is the name that is asked for, too. */
    private static void add(
            List<String> upstreams, List<String> routes, String name, int port, String host, String shown) {
        for (String protocol : new String[] {"http1", "h2"}) {
            upstreams.add("  %s-%s: {targets: [\"https://127.0.0.1:%d\"], protocol: %s, host: %s, tls: {ca: %s%s}}%n"
                    .formatted(name, protocol, port, protocol, host, folder.resolve("authority/ca.pem"), shown));
            routes.add(("  - {name: %1$s-%2$s, match: {paths: [\"/%1$s-%2$s/**\"]}, upstream: %1$s-%2$s,"
                            + " plugins: [{rewrite: {prefix: \"/%1$s-%2$s\"}}]}%n")
                    .formatted(name, protocol));
        }
    }

    private static Process nginx(String program, int port) throws Exception {
        Files.writeString(folder.resolve("nginx.conf"), """
            daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
            events { worker_connections 256; }
            http {
              access_log off; ssl_protocols TLSv1.2 TLSv1.3;
              client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
              server { listen 127.0.0.1:%2$d ssl http2 default_server; ssl_reject_handshake on; }
              server {
                listen 127.0.0.1:%2$d ssl http2;
                server_name orders.internal;
                ssl_certificate %1$s/authority/orders.pem;
                ssl_certificate_key %1$s/authority/orders.key;
                ssl_client_certificate %1$s/authority/ca.pem;
                ssl_verify_client on;
                client_max_body_size 0;
                root %1$s;
                location = /who {
                  return 200 "$ssl_server_name $ssl_client_s_dn $server_protocol $ssl_protocol $connection_requests";
                }
                location = /big { }
              }
            }
            """.formatted(folder, port));
        return new ProcessBuilder(
                        program,
                        "-p",
                        folder.toString(),
                        "-e",
                        folder + "/error.log",
                        "-c",
                        folder.resolve("nginx.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (product != null) {
            product.close();
        }
        if (nginx != null) {
            nginx.destroy();
            nginx.waitFor();
        }
        if (folder != null) {
            Folders.delete(folder);
        }
    }

    @ParameterizedTest
    @CsvSource({"http1, HTTP/1.1", "h2, HTTP/2.0"})
    void asksForTheNameAndShowsItsCertificate(String protocol, String spoken) {
        String first = product.client().get("/known-" + protocol + "/who").body();
        String second = product.client().get("/known-" + protocol + "/who").body();

        assertThat(first).startsWith("orders.internal CN=gateway " + spoken + " TLSv1.3 ");
        assertThat(second).as("on a kept connection").isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "h2"})
    void passesABigBody(String protocol) {
        assertThat(product.client().get("/known-" + protocol + "/big").body()).hasSize(BIG);
    }

    /** It lets them in, and then refuses their requests. */
    @ParameterizedTest
    @ValueSource(strings = {"nobody-http1", "nobody-h2", "strange-http1", "strange-h2"})
    void isRefusedWithoutAGoodCertificate(String upstream) {
        assertThat(product.client().get("/" + upstream + "/who").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"elsewhere-http1", "elsewhere-h2"})
    void aHandshakeThatTheTargetRefusesIsA502AndALineInTheLog(String upstream) {
        assertThat(product.client().get("/" + upstream + "/who").statusCode()).isEqualTo(502);

        product.output().await("unrecognized_name");
    }
}
