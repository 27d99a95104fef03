package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

final class ConsoleLeakIT extends PluginLeakTest {

    private final List<Socket> streams = new ArrayList<>();

    @Override
    protected String config(TestUpstream upstream) {
        return """
            services: [{name: console, console: {}}]
            routes: [{name: all, upstream: "%s"}]
            """.formatted(upstream.address());
    }

    /** A stream is left open each time: it ends with the version that it is of. */
    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) throws Exception {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        try (Browser browser = Browser.loggedIn(gateway)) {
            assertThat(browser.get("api/map").statusCode()).isEqualTo(200);
            assertThat(browser.get("api/requests").statusCode()).isEqualTo(200);
            Socket socket = new Socket(
                    gateway.adminAddress().getHost(), gateway.adminAddress().getPort());
            streams.add(socket);
            socket.getOutputStream()
                    .write(("GET /console/api/live HTTP/1.1\r\nhost: "
                                    + gateway.adminAddress().getAuthority() + "\r\nauthorization: Bearer "
                                    + browser.token() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @AfterEach
    void closeStreams() throws IOException {
        for (Socket socket : streams) {
            socket.close();
        }
    }
}
