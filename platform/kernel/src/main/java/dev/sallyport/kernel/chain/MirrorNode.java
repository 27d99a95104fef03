package dev.sallyport.kernel.chain;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.Destination;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends copies of requests to another upstream, through its own steps, and drops what comes of it. A copy is made once a
 * request, and has an exchange and a thread of its own: what becomes of it touches nothing of the request that it was made of.
 */
final class MirrorNode implements Node {

    private static final Logger LOG = System.getLogger("mirror");

    private static final int MOST_ANSWER = 1 << 20;

    private final String upstream;
    private final double share;
    private final int maxBody;
    private final Semaphore room;
    private final List<String> owned;
    private final Copies copies;
    private final Deadlines deadlines;
    private final @Nullable Duration total;
    private final Next other;
    private final Next rest;

    /** The one that its generation has. */
    private final MirrorNode compiled;

    /**
     * @param upstream the other upstream's name
     * @param owned header names that its steps set: what a client has sent under them is not in the copy
     * @param total how long a copy may take; null for as long as it likes
     * @param other the way to it
     */
    MirrorNode(
            Destination.Mirror mirror,
            String upstream,
            List<String> owned,
            Copies copies,
            Deadlines deadlines,
            @Nullable Duration total,
            Next other,
            Next rest) {
        this.upstream = upstream;
        share = mirror.share().value();
        maxBody = Math.toIntExact(Math.min(mirror.maxBody().bytes(), Integer.MAX_VALUE - 8));
        room = new Semaphore(mirror.inFlight());
        this.owned = owned;
        this.copies = copies;
        this.deadlines = deadlines;
        this.total = total;
        this.other = other;
        this.rest = rest;
        compiled = this;
    }

    private MirrorNode(MirrorNode same, Next rest) {
        upstream = same.upstream;
        share = same.share;
        maxBody = same.maxBody;
        room = same.room;
        owned = same.owned;
        copies = same.copies;
        deadlines = same.deadlines;
        total = same.total;
        other = same.other; // a copy is not recorded
        this.rest = rest;
        compiled = same.compiled;
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
        LiveExchange exchange = (LiveExchange) request.exchange();
        boolean again = exchange.attempt() != null;
        if (again || request.upgrade() != null || ThreadLocalRandom.current().nextDouble(100) >= share) {
            return rest.proceed(request);
        }
        Body body = request.body();
        if (body.length() > maxBody) {
            return rest.proceed(request);
        }
        Generation generation = exchange.generation();
        Function<Generation, LiveExchange> begin = exchange.forACopy(copies);
        if (body.isEmpty() || body.isReplayable()) {
            send(generation, begin, request, body.isEmpty() ? Body.empty() : body.buffered(maxBody));
            return rest.proceed(request);
        }
        // A body may come for hours, while its exchange has moved to a later generation: it must not keep this one.
        WeakReference<MirrorNode> here = new WeakReference<>(compiled);
        WeakReference<Generation> now = new WeakReference<>(generation);
        return rest.proceed(request.withBody(new CopiedBody(body, maxBody, bytes -> {
            MirrorNode node = here.get();
            Generation still = now.get();
            if (node != null && still != null) {
                node.send(still, begin, request, Body.of(bytes));
            }
        })));
    }

    private void send(Generation generation, Function<Generation, LiveExchange> begin, Request request, Body body) {
        if (!room.tryAcquire()) {
            return;
        }
        if (!generation.tryAcquire()) {
            room.release();
            return;
        }
        Thread.ofVirtual().name("mirror " + upstream).start(() -> {
            try {
                run(begin.apply(generation), request, body);
            } finally {
                room.release();
            }
        });
    }

    private void run(LiveExchange exchange, Request request, Body body) {
        try {
            if (total != null) {
                var _ = deadlines.start(exchange, total);
            }
            Response response = other.proceed(new Request(
                    request.method(),
                    request.target(),
                    Router.strip(request, owned).headers(),
                    body,
                    null,
                    exchange));
            exchange.answered();
            try (Body answer = response.body();
                    InputStream in = answer.open()) {
                in.readNBytes(MOST_ANSWER);
            }
            exchange.complete(response.status(), Outcome.COMPLETED, null);
        } catch (Throwable failure) { // whatever it is, nobody waits for it
            LOG.log(Level.DEBUG, () -> "a copy to upstream " + upstream + " failed: " + failure.getClass());
            exchange.complete(502, Outcome.FAILED, String.valueOf(failure));
        } finally {
            exchange.leave();
        }
    }
}
