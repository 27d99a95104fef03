package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upstreams that are not there, or are not what they should be, cost an answer each, and the log says why. */
final class AbsentUpstreamsIT {

    private static final List<ServerSocket> SERVERS = new ArrayList<>();

    private static Product product;

    @BeforeAll
    static void start() {
        product = Product.with(Product.web(
                        """
                        log: {level: debug}
                        routes:
                          - {name: refused, match: {paths: [/refused]}, upstream: "http://127.0.0.1:%d"}
                          - {name: unknown, match: {paths: [/unknown]}, upstream: "http://no-such-host.invalid:80"}
                          - {name: hangs-up, match: {paths: [/hangs-up]}, upstream: "http://127.0.0.1:%d"}
                          - {name: no-http, match: {paths: [/no-http]}, upstream: "http://127.0.0.1:%d"}
                          - name: silent
                            match: {paths: [/silent]}
                            upstream: "http://127.0.0.1:%d"
                            timeouts: {firstByte: 300ms}
                          - {name: well, match: {paths: [/well]}, plugins: [{respond: {body: well}}]}
                        """.formatted(Ports.free(), saying(""), saying("SSH-2.0-OpenSSH_9.9\r\n"), silent())))
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        product.close();
        for (ServerSocket server : SERVERS) {
            server.close();
        }
    }

    @AfterEach
    void servesOn() {
        assertThat(product.client().get("/well").body()).isEqualTo("well");
        assertThat(product.status().get("/readyz").statusCode()).isEqualTo(200);
    }

    /** A server that reads a head, says that, and hangs up; its port. */
    private static int saying(String text) {
        ServerSocket server = silentServer();
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept();
                        OutputStream out = client.getOutputStream()) {
                    int last = 0;
                    for (int next = client.getInputStream().read();
                            next >= 0;
                            next = client.getInputStream().read()) {
                        if (next == '\r' && last == '\n') {
                            break;
                        }
                        last = next;
                    }
                    out.write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    assertThat(product).isNotNull();
                }
            }
        });
        return server.getLocalPort();
    }

    /** One to which connections are made that nobody serves. */
    private static int silent() {
        return silentServer().getLocalPort();
    }

    private static ServerSocket silentServer() {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            SERVERS.add(server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/refused  | 502 | upstream-failed  | no connection to http://127.0.0.1:",
                "/unknown  | 502 | upstream-failed  | no connection to http://no-such-host.invalid:80 could be made",
                "/hangs-up | 502 | upstream-failed  | closed the connection before its response",
                "/no-http  | 502 | upstream-failed  | is not HTTP",
                "/silent   | 504 | upstream-timeout | sent no response within 300ms",
            })
    void isAnsweredAndNamed(String path, int status, String problem, String logged) {
        int from = product.output().size();

        HttpResponse<String> response = product.client().get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(response.body())
                .contains("urn:sallyport:problem:" + problem)
                .doesNotContain("127.0.0.1")
                .doesNotContain("Exception");
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        product.output().await(line -> line.contains(id) && line.contains(logged), logged, from);
    }
}
