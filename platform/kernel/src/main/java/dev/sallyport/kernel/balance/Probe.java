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
import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks one target once how it is. Blocking; an interrupt ends it. */
final class Probe {

    /** Connections of their own: a check must not wait for one behind the requests that it is to judge. */
    private static final int CONNECTIONS = 1_000_001;

    private static final String AGENT = "User-Agent";
    private static final String OURS = "sallyport-health";
    private static final int MOST_BODY = 64 * 1024;

    private final UpstreamClient client;

    Probe(UpstreamClient client) {
        this.client = client;
    }

    /** How the upstream's targets are reached, and what else of its settings a check goes by. */
    record Way(String host, Link link) {
        static Way of(UpstreamConfig upstream) {
            Link usual = Link.of(upstream);
            return new Way(
                    upstream.host(),
                    new Link(usual.protocol(), usual.tls(), CONNECTIONS, CONNECTIONS, usual.keepAlive()));
        }
    }

    /** What is wrong with it; null where it is well. */
    @Nullable
    String ask(URI target, HealthConfig config, Way way) {
        try {
            return switch (config.type()) {
                case HTTP -> http(target, config, way);
                case TCP -> tcp(target, config);
                case GRPC -> grpc(target, config, way);
            };
        } catch (IOException | RuntimeException e) {
            String message = e.getMessage();
            return message == null ? e.toString() : message;
        }
    }

    private @Nullable String http(URI target, HealthConfig config, Way way) throws IOException {
        String host = host(target, config, way);
        Response response = client.send(outgoing(
                target, "GET", config.path(), Headers.of("Host", host, AGENT, OURS), Body.empty(), config, way.link()));
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

    /** Over HTTP/2, whatever is spoken with the upstream otherwise. */
    private @Nullable String grpc(URI target, HealthConfig config, Way way) throws IOException {
        Headers headers =
                Headers.of("Host", host(target, config, way), AGENT, OURS, "Content-Type", "application/grpc");
        Link link = new Link(
                UpstreamConfig.Protocol.H2,
                way.link().tls(),
                CONNECTIONS,
                CONNECTIONS,
                way.link().keepAlive());
        Body question = Body.of(GrpcHealth.request(config.service()));
        return GrpcHealth.failure(
                client.send(outgoing(target, "POST", GrpcHealth.PATH, headers, question, config, link)));
    }

    private static String host(URI target, HealthConfig config, Way way) {
        boolean named = !way.host().equals("target") && !way.host().equals("client");
        return config.host() != null ? config.host() : named ? way.host() : UpstreamClient.authority(target);
    }

    private static Outgoing outgoing(
            URI target, String method, String path, Headers headers, Body body, HealthConfig config, Link link) {
        return new Outgoing(
                target,
                method,
                RequestTarget.parse(path),
                headers,
                body,
                null,
                link.protocol() == UpstreamConfig.Protocol.H2,
                new Timeouts(config.timeout(), config.timeout(), config.timeout(), null),
                link,
                new Cancellation(),
                Runnable::run,
                (status, fields) -> {});
    }

    private static @Nullable String tcp(URI target, HealthConfig config) throws IOException {
        if (target.getScheme().equalsIgnoreCase("unix")) {
            SocketChannel.open(UnixDomainSocketAddress.of(target.getPath())).close();
            return null;
        }
        int port = target.getPort() >= 0 ? target.getPort() : "https".equals(target.getScheme()) ? 443 : 80;
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(target.getHost(), port),
                    Math.toIntExact(config.timeout().toMillis()));
            return null;
        }
    }
}
