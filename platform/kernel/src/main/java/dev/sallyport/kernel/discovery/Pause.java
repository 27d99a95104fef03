package dev.sallyport.kernel.discovery;

/** How long to wait before a watch that has ended is begun again: longer each time, unless it lasted. For one thread. */
final class Pause {

    private static final long LEAST = 100;
    private static final long MOST = 10_000;

    private long next = LEAST;

    /**
     * The pause after a watch.
     *
     * @param lastedMillis how long it ran
     */
    long after(long lastedMillis) {
        if (lastedMillis >= MOST) {
            next = LEAST;
        }
        long pause = next;
        next = Math.min(MOST, next * 2);
        return pause;
    }
}
