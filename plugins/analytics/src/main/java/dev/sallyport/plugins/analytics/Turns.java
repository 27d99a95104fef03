package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Query;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Answers one question at a time: what they take of memory and disk does not grow with those who ask. Thread-safe. */
final class Turns {

    /** Less than the time limit of a question, so that whoever waits is told why. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MOST_WAITING = 8;

    private final Semaphore turn = new Semaphore(1, true);
    private final Duration patience;

    Turns(Duration patience) {
        this.patience = patience;
    }

    /** @throws Query.BusyException where others are asking for too long */
    Map<String, Object> take(Callable<Map<String, Object>> question) throws Exception {
        if (turn.getQueueLength() >= MOST_WAITING || !turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Query.BusyException("another question is being answered (expected: one at a time); ask again");
        }
        try {
            return question.call();
        } finally {
            turn.release();
        }
    }
}
