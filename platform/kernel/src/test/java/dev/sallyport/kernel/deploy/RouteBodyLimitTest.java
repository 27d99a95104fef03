package dev.sallyport.kernel.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Address;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A route has a limit for bodies of its own, and its upstream never gets a part as if it were the whole. */
@Timeout(60)
class RouteBodyLimitTest {

    @TempDir
    Path home;

    private ServerSocket upstream;
    private RunningGateway running;

    @BeforeEach
    void start() throws Exception {
        upstream = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        running = RunningGateway.in(home, """
            routes:
              - {name: small, match: {paths: [/small]}, maxBody: 1000B, upstream: "http://127.0.0.1:%s"}
              - {name: large, upstream: "http://127.0.0.1:%s"}
            """.formatted(upstream.getLocalPort(), upstream.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        running.close();
        upstream.close();
    }

    @Test
    void answers413ByContentLengthWithoutAskingTheUpstream() throws Exception {
        assertThat(ask("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("body-too-large");
    }

    @Test
    void theUpstreamOfABodyThatGrowsTooLargeSeesNoEnd() throws Exception {
        CompletableFuture<String> received = receive();

        String answer = ask("POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("64\r\n" + "b".repeat(100) + "\r\n").repeat(20) + "0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413 ");
        assertThat(received.join()).startsWith("POST /small ").doesNotContain("\r\n0\r\n");
    }

    private CompletableFuture<String> receive() {
        CompletableFuture<String> received = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            try (Socket socket = upstream.accept()) {
                socket.getInputStream().transferTo(all);
            } catch (SocketException reset) {
                // the end that it should be
            } catch (IOException e) {
                received.completeExceptionally(e);
            }
            received.complete(all.toString(ISO_8859_1));
        });
        return received;
    }

    private String ask(String request) throws IOException {
        Address web = running.gateway().addresses().get("web");
        try (Socket socket = new Socket(web.host(), web.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            StringBuilder all = new StringBuilder();
            for (int read = socket.getInputStream().read();
                    read >= 0;
                    read = socket.getInputStream().read()) {
                all.append((char) read);
                if (read == '}') {
                    break;
                }
            }
            return all.toString();
        }
    }
}
