package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a browser makes of the gateway: a page over HTTP/2, and a WebSocket on the same connection (RFC 8441). */
final class ChromiumIT {

    /** Tells the server what has become of it: by then the page cannot tell the test. */
    private static final String PAGE = """
        <!doctype html><title>echo</title><script>
        const socket = new WebSocket("wss://" + location.host + "/chat/room");
        let heard = "";
        socket.onopen = () => socket.send("hello");
        socket.onmessage = event => { heard += event.data; socket.close(1000); };
        socket.onclose = event => fetch("/report?heard=" + heard + "&code=" + event.code);
        </script>
        """;

    private final Path folder = Folders.temporary("chromium");

    @AfterEach
    void cleanUp() {
        Folders.delete(folder);
    }

    @Test
    void opensAWebSocketOverHttp2() throws Exception {
        Command.installed("chromium");
        TestAuthority authority = new TestAuthority(folder.resolve("authority"));
        authority.issue("web", "EC", "localhost");
        try (WebSocketServer server = new WebSocketServer();
                EchoServer reports = new EchoServer();
                Product product = Product.with("""
                    version: 1
                    listeners: [{name: web, address: "127.0.0.1:0", tls: {certificate: %s, key: %s}}]
                    admin: {address: "127.0.0.1:0"}
                    status: {address: "127.0.0.1:0"}
                    plugins: [{access-log: {}}]
                    routes:
                      - name: page
                        match: {paths: [/page]}
                        plugins: [{respond: {headers: {content-type: text/html}, body: %s}}]
                      - {name: chat, match: {paths: ["/chat/**"]}, upstream: "%s"}
                      - {name: report, match: {paths: [/report]}, upstream: "%s"}
                    """.formatted(
                                        authority.file("web.pem"),
                                        authority.file("web.key"),
                                        "'" + PAGE.replace("\n", " ").replace("'", "''") + "'",
                                        server.address(),
                                        reports.address()))
                        .start()) {
            try (Chromium _ = Chromium.open(
                    folder, "https://localhost:" + product.address().getPort() + "/page")) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> reports.targets().contains("/report?heard=hello&code=1000"));
            }

            String line = product.output().await("\"path\":\"/chat/room\"");
            assertThat(line).contains("\"protocol\":\"HTTP/2\"").contains("\"outcome\":\"completed\"");
        }
    }
}
