package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.kernel.config.Address;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is told to stop is not ready first, and serves on for a while. */
@Timeout(60)
class NotReadyTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path home;

    @Test
    void servesNewConnectionsWhileItIsNotReadyAndStopsThen() throws Exception {
        RunningGateway running = RunningGateway.in(home, "drain: {notReadyFor: 3s}\n");
        Address web = running.gateway().addresses().get("web");
        Address status = running.gateway().statusAddress();
        assertThat(status(status, "/readyz")).isEqualTo(200);

        Thread closing = Thread.startVirtualThread(running::close);

        await().until(() -> status(status, "/readyz") == 503);
        assertThat(status(status, "/livez")).isEqualTo(200);
        try (HttpClient fresh = HttpClient.newHttpClient()) {
            assertThat(fresh.send(request(web, "/"), BodyHandlers.discarding()).statusCode())
                    .isEqualTo(404);
        }
        closing.join();
        assertThat(isGone(web)).isTrue();
    }

    private boolean isGone(Address web) throws Exception {
        try {
            client.send(request(web, "/"), BodyHandlers.discarding());
            return false;
        } catch (ConnectException gone) {
            return true;
        }
    }

    private int status(Address address, String path) throws Exception {
        return client.send(request(address, path), BodyHandlers.discarding()).statusCode();
    }

    private static HttpRequest request(Address address, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(Duration.ofSeconds(20))
                .build();
    }
}
