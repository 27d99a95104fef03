package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import dev.sallyport.kernel.config.UpstreamConfig.Timeouts;
import dev.sallyport.kernel.config.UpstreamConfig.Tls;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** A request in the making, with what a test need not say filled in. */
final class Asking {

    private final UpstreamClient client;
    private URI target;
    private String method = "GET";
    private String path = "/";
    private Headers headers;
    private Body body = Body.empty();
    private String upgrade;
    private boolean acceptsTrailers;
    private Duration connect = Duration.ofSeconds(5);
    private Duration firstByte = Duration.ofSeconds(20);
    private Duration idle = Duration.ofSeconds(20);
    private Protocol protocol = Protocol.HTTP1;
    private Tls tls = Tls.USUAL;
    private int maxConnections = 256;
    private int maxPending = 1024;
    private Duration keepAlive = Duration.ofSeconds(30);
    private Executor runner = task -> Thread.ofVirtual().start(task);

    final Cancellation cancellation = new Cancellation();
    final List<String> interims = new CopyOnWriteArrayList<>();
    final List<Moment> moments = new CopyOnWriteArrayList<>();

    Asking(UpstreamClient client, URI target) {
        this.client = client;
        this.target = target;
        headers = Headers.of("Host", UpstreamClient.authority(target));
    }

    Asking method(String value) {
        method = value;
        return this;
    }

    Asking path(String value) {
        path = value;
        return this;
    }

    Asking host(String value) {
        headers = headers.with("Host", value);
        return this;
    }

    Asking header(String name, String value) {
        headers = headers.withAdded(name, value);
        return this;
    }

    Asking post(Body value) {
        method = "POST";
        body = value;
        return this;
    }

    Asking upgrade(String value) {
        headers = headers.with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return upgradeWithoutKey(value);
    }

    /** As a client over HTTP/2 asks. */
    Asking upgradeWithoutKey(String value) {
        upgrade = value;
        return this;
    }

    Asking acceptsTrailers() {
        acceptsTrailers = true;
        return this;
    }

    Asking connect(Duration value) {
        connect = value;
        return this;
    }

    Asking firstByte(Duration value) {
        firstByte = value;
        return this;
    }

    Asking idle(Duration value) {
        idle = value;
        return this;
    }

    Asking maxConnections(int value) {
        maxConnections = value;
        return this;
    }

    Asking maxPending(int value) {
        maxPending = value;
        return this;
    }

    Asking keepAlive(Duration value) {
        keepAlive = value;
        return this;
    }

    Asking protocol(Protocol value) {
        protocol = value;
        return this;
    }

    Asking tls(Tls value) {
        tls = value;
        return this;
    }

    Asking runner(Executor value) {
        runner = value;
        return this;
    }

    Response send() throws IOException {
        return client.send(new UpstreamClient.Outgoing(
                target,
                method,
                RequestTarget.parse(path),
                headers,
                body,
                upgrade,
                acceptsTrailers,
                new Timeouts(connect, firstByte, idle, null),
                new UpstreamClient.Link(protocol, tls, maxConnections, maxPending, keepAlive),
                cancellation,
                runner,
                (status, fields) -> interims.add(status + " " + fields.get("link", "-")),
                (moment, _) -> moments.add(moment)));
    }

    /** Sends it and reads the body to its end. */
    String text() throws IOException {
        Response response = send();
        try (Body answer = response.body()) {
            return response.status() + " " + answer.text(1 << 20);
        }
    }
}
