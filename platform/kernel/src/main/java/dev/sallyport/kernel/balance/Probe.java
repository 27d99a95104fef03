package dev.sallyport.kernel.balance;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.HealthConfig;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.config.UpstreamConfig.Timeouts;
import dev.sallyport.kernel.upstream.Cancellation;
import dev.sallyport.kernel.upstream.UpstreamClient;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks one target once how it is. Blocking; an interrupt ends it. */
final class Probe {

    /** Connections of their own: a check must not wait for one behind the requests that it is to judge. */
    private static final int CONNECTIONS = 1_000_001;

    private static final int MOST_BODY = 64 * 1024;

    private final UpstreamClient client;

    Probe(UpstreamClient client) {
        this.client = client;
    }

    /** How the upstream's targets are reached, and what else of its settings a check goes by. */
    record Way(String host) {
        static Way of(UpstreamConfig upstream) {
            return new Way(upstream.host());
        }
    }

    /** What is wrong with it; null where it is well. */
    @Nullable
    String ask(URI target, HealthConfig config, Way way) {
        try {
            return switch (config.type()) {
                case HTTP -> http(target, config, way);
                case TCP -> tcp(target, config);
                case GRPC -> "gRPC checks are not available";
            };
        } catch (IOException | RuntimeException e) {
            String message = e.getMessage();
            return message == null ? e.toString() : message;
        }
    }

    private @Nullable String http(URI target, HealthConfig config, Way way) throws IOException {
        boolean named = !way.host().equals("target") && !way.host().equals("client");
        String host = config.host() != null ? config.host() : named ? way.host() : target.getRawAuthority();
        Response response = client.send(new Outgoing(
                target,
                "GET",
                RequestTarget.parse(config.path()),
                Headers.of("Host", host, "User-Agent", "sallyport-health"),
                Body.empty(),
                null,
                false,
                new Timeouts(config.timeout(), config.timeout(), config.timeout(), null),
                CONNECTIONS,
                new Cancellation(),
                Runnable::run,
                (status, headers) -> {}));
        try (Body body = response.body();
                InputStream in = body.open()) {
            in.readNBytes(MOST_BODY); // so that the connection can be used again
        } catch (IOException cutOff) {
            return "its answer broke off";
        }
        return config.statuses().stream().anyMatch(range -> range.has(response.status()))
                ? null
                : "status " + response.status() + " (expected: "
                        + config.statuses().stream().map(Object::toString).collect(Collectors.joining(", ")) + ")";
    }

    private static @Nullable String tcp(URI target, HealthConfig config) throws IOException {
        int port = target.getPort() >= 0 ? target.getPort() : "https".equals(target.getScheme()) ? 443 : 80;
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(target.getHost(), port),
                    Math.toIntExact(config.timeout().toMillis()));
            return null;
        }
    }
}
