package dev.sallyport.kernel.http;

import java.time.Duration;

/**
 * How long a client is waited for in the body of its request.
 *
 * @param pause how long it may send nothing
 * @param rate how many bytes must come for each second that it is waited for, beyond so long a pause in sum
 * @param streams whether it may pause for as long as it likes, since its body is a stream of messages
 */
record Patience(Duration pause, long rate, boolean streams) {

    /** Whether so few bytes in the time that it was waited for are too few. */
    boolean isTooSlow(long bytes, long waitedNanos) {
        double beyond = (waitedNanos - pause.toNanos()) / 1e9;
        return beyond > 0 && bytes < rate * beyond;
    }
}
