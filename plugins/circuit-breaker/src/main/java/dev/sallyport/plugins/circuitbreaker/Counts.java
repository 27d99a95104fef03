package dev.sallyport.plugins.circuitbreaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of a window have ended.
 *
 * @param succeeded those that succeeded in time
 * @param slow those that succeeded and were slow
 * @param failed those that failed in time
 * @param slowFailed those that failed and were slow
 */
record Counts(int succeeded, int slow, int failed, int slowFailed) {

    static final Counts NONE = new Counts(0, 0, 0, 0);

    /** Hears of calls, one by one. */
    @FunctionalInterface
    interface Ends {
        void call(boolean failed, boolean slow);
    }

    static Counts of(Metrics metrics) {
        int slow = metrics.getNumberOfSlowSuccessfulCalls();
        int slowFailed = metrics.getNumberOfSlowFailedCalls();
        return new Counts(
                Math.max(0, metrics.getNumberOfSuccessfulCalls() - slow),
                slow,
                Math.max(0, metrics.getNumberOfFailedCalls() - slowFailed),
                slowFailed);
    }

    /** Reads the written form; null where it is none. */
    static @Nullable Counts parse(String text) {
        String[] parts = text.split(" ", -1);
        try {
            return parts.length != 4
                    ? null
                    : new Counts(
                            Integer.parseInt(parts[0]),
                            Integer.parseInt(parts[1]),
                            Integer.parseInt(parts[2]),
                            Integer.parseInt(parts[3]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    int all() {
        return succeeded + slow + failed + slowFailed;
    }

    /** What has come since. */
    Counts minus(Counts before) {
        return new Counts(
                Math.max(0, succeeded - before.succeeded),
                Math.max(0, slow - before.slow),
                Math.max(0, failed - before.failed),
                Math.max(0, slowFailed - before.slowFailed));
    }

    Counts plus(Counts more) {
        return new Counts(
                succeeded + more.succeeded, slow + more.slow, failed + more.failed, slowFailed + more.slowFailed);
    }

    /** Tells the calls in such an order that no rate is higher on the way than it is in the end. */
    void replay(Ends ends) {
        int all = all();
        int[] told = new int[3];
        int[] bad = {slow, failed, slowFailed};
        for (int i = 1; i <= all; i++) {
            int which = -1;
            for (int kind = 0; kind < bad.length && which < 0; kind++) {
                boolean due = told[kind] < (long) bad[kind] * i / all;
                which = due ? kind : -1;
            }
            if (which >= 0) {
                told[which]++;
            }
            ends.call(which >= 1, which == 0 || which == 2);
        }
    }

    /** The written form. */
    @Override
    public String toString() {
        return succeeded + " " + slow + " " + failed + " " + slowFailed;
    }
}
