package dev.sallyport.kernel.chain;

import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Gives up exchanges that take longer than their route allows. Its one thread is a platform thread: it must never wait. */
public final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deadlines").factory());

    /** A timer that runs until it is closed. */
    public Deadlines() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Cancels the exchange after that time, and interrupts its thread once, unless it is over by then. */
    Future<?> start(LiveExchange exchange, Duration total) {
        exchange.deadline(exchange.startedAt().plus(total));
        Future<?> task = timer.schedule(
                () -> {
                    exchange.cancellation()
                            .cancel(new UpstreamException(
                                    Kind.RESPONSE_TIMEOUT,
                                    "the exchange took longer than " + total.toMillis() + "ms",
                                    null));
                    exchange.interrupt();
                },
                total.minus(exchange.elapsed()).toNanos(),
                TimeUnit.NANOSECONDS);
        exchange.onComplete(completion -> task.cancel(false));
        return task;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
