package dev.sallyport.distribution.conformance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the target has seen of a case, and where both sides wait for each other. */
final class Seen {

    static final int PATIENCE_MILLIS = Integer.getInteger("conformance.patience", 5_000);

    /** Those that came whole. */
    final List<Message> requests = new CopyOnWriteArrayList<>();

    /** All whose head came. */
    final List<Message> begun = new CopyOnWriteArrayList<>();

    final AtomicInteger count = new AtomicInteger();
    final StringBuffer then = new StringBuffer();
    final CountDownLatch cameWhole = new CountDownLatch(1);
    final CountDownLatch headAtClient = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);
    volatile boolean contacted;

    void whole(Message message) {
        message.whole = true;
        requests.add(message);
        cameWhole.countDown();
    }

    static boolean await(CountDownLatch latch, int millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
