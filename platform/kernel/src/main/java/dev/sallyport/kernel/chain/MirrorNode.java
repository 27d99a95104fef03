package dev.sallyport.kernel.chain;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.balance.LiveTarget;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.config.Destination;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.upstream.Cancellation;
import dev.sallyport.kernel.upstream.UpstreamClient;
import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends copies of requests to another upstream, and drops what that answers. A copy is made once a request, on a thread of its
 * own: what becomes of it touches neither the exchange nor the generation. Steps of the other upstream do not run.
 */
final class MirrorNode implements Node {

    private static final Logger LOG = System.getLogger("mirror");

    private static final int MOST_ANSWER = 1 << 20;

    private final double share;
    private final int maxBody;
    private final Semaphore room;
    private final TargetGroup group;
    private final UpstreamConfig upstream;
    private final UpstreamClient client;
    private final Link link;
    private final Next rest;

    MirrorNode(
            Destination.Mirror mirror, TargetGroup group, UpstreamConfig upstream, UpstreamClient client, Next rest) {
        share = mirror.share().value();
        maxBody = Math.toIntExact(Math.min(mirror.maxBody().bytes(), Integer.MAX_VALUE - 8));
        room = new Semaphore(mirror.inFlight());
        this.group = group;
        this.upstream = upstream;
        this.client = client;
        link = Link.of(upstream);
        this.rest = rest;
    }

    private MirrorNode(MirrorNode same, Next rest) {
        share = same.share;
        maxBody = same.maxBody;
        room = same.room;
        group = same.group;
        upstream = same.upstream;
        client = same.client;
        link = same.link;
        this.rest = rest;
    }

    @Override
    public Node traced() {
        return new MirrorNode(this, Node.traced(rest));
    }

    Next rest() {
        return rest;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        boolean again = request.exchange().attempt() != null;
        if (again || request.upgrade() != null || ThreadLocalRandom.current().nextDouble(100) >= share) {
            return rest.proceed(request);
        }
        Body body = request.body();
        if (body.length() > maxBody) {
            return rest.proceed(request);
        }
        if (body.isEmpty() || body.isReplayable()) {
            send(request, body.isEmpty() ? Body.empty() : body.buffered(maxBody));
            return rest.proceed(request);
        }
        return rest.proceed(request.withBody(new CopiedBody(body, maxBody, bytes -> send(request, Body.of(bytes)))));
    }

    private void send(Request request, Body body) {
        if (room.tryAcquire()) {
            Thread.ofVirtual().name("mirror " + group.upstream()).start(() -> {
                try {
                    send(request.method(), request, body);
                } finally {
                    room.release();
                }
            });
        }
    }

    private void send(String method, Request request, Body body) {
        LiveTarget target = group.hasRoom() ? group.choose(request, Set.of()) : null;
        if (target == null) {
            return;
        }
        target.enter();
        try {
            Response response = client.send(new Outgoing(
                    target.url(),
                    method,
                    request.target(),
                    headers(request, target),
                    body,
                    null,
                    false,
                    upstream.timeouts(),
                    link,
                    new Cancellation(),
                    Thread::startVirtualThread,
                    (status, headers) -> {}));
            group.answered(target, response.status());
            try (Body answer = response.body();
                    InputStream in = answer.open()) {
                in.readNBytes(MOST_ANSWER);
            }
        } catch (IOException | RuntimeException e) {
            group.failed(target, String.valueOf(e.getMessage()));
            LOG.log(Level.DEBUG, "a copy to upstream {0} failed: {1}", group.upstream(), e.getClass());
        } finally {
            target.leave();
        }
    }

    private Headers headers(Request request, LiveTarget target) {
        return switch (upstream.host()) {
            case "client" -> request.headers();
            case "target" -> request.headers().with("Host", UpstreamClient.authority(target.url()));
            default -> request.headers().with("Host", upstream.host());
        };
    }
}
