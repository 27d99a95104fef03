package dev.sallyport.kernel.market;

import java.time.Duration;

/**
 * How slowly bytes may come before nobody waits for more of them.
 *
 * @param window for how long it is watched
 * @param least how many bytes must come in it
 */
record Pace(Duration window, long least) {

    /** Two KiB a second, over half a minute. */
    static final Pace DEFAULT = new Pace(Duration.ofSeconds(30), 60 << 10);
}
