package dev.sallyport.kernel.chain;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;

/** Runs what steps have done beside their exchanges. Thread-safe. */
final class Beside {

    private static final Logger LOG = System.getLogger("exchange");

    /** More would be a flood of its own; what has no room is left out. */
    private static final int MOST = 1_000;

    private final Semaphore room = new Semaphore(MOST);
    private final Copies copies;
    private final Deadlines deadlines;

    Beside(Copies copies, Deadlines deadlines) {
        this.copies = copies;
        this.deadlines = deadlines;
    }

    /**
     * Begins it.
     *
     * @param step whose work it is
     * @param of the exchange that it is of
     * @param rest what comes after the step, not recorded
     * @return false where there is no room
     */
    boolean run(StepNode step, LiveExchange of, Request request, Next.Work work, Next rest) {
        if (!room.tryAcquire()) {
            return false;
        }
        Generation generation = of.generation();
        if (!generation.tryAcquire()) {
            room.release();
            return false;
        }
        var begin = of.forACopy(copies);
        Instant deadline = of.deadline();
        Duration total = deadline == null ? null : Duration.between(of.startedAt(), deadline);
        Thread.ofVirtual().name("beside " + step.name()).start(() -> {
            try {
                LiveExchange exchange = begin.apply(generation);
                exchange.enter(step);
                if (total != null) {
                    var _ = deadlines.start(exchange, total);
                }
                answer(step, exchange, request, work, rest);
            } finally {
                room.release();
            }
        });
        return true;
    }

    private static void answer(StepNode step, LiveExchange exchange, Request request, Next.Work work, Next rest) {
        try {
            Response response = work.run(
                    new Request(request.method(), request.target(), request.headers(), request.body(), null, exchange),
                    rest);
            try (Body body = response.body();
                    InputStream in = body.open()) {
                in.transferTo(
                        OutputStream.nullOutputStream()); // the body may be the step's, so that it is not over yet
            }
            exchange.answered();
            exchange.complete(response.status(), Outcome.COMPLETED, null);
        } catch (Throwable failure) { // whatever it is, nobody waits for it
            LOG.log(
                    Level.DEBUG,
                    () -> "request " + exchange.id() + ", " + step.name() + ": what it had done beside failed: "
                            + failure.getClass());
            exchange.complete(502, Outcome.FAILED, String.valueOf(failure));
        } finally {
            exchange.leave();
        }
    }
}
