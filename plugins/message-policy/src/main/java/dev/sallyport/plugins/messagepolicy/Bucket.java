package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.config.Rate;

/** A rate for one sender of one connection, by a token bucket that is full at first. For one thread. */
final class Bucket {

    private final long most;
    private final double perNano;
    private double left;
    private long last;

    Bucket(Rate rate, long nanos) {
        most = rate.amount();
        perNano = (double) rate.amount() / rate.per().toNanos();
        left = most;
        last = nanos;
    }

    /** Takes one, where there is one. */
    boolean take(long nanos) {
        left = Math.min((double) most, left + Math.max(0, nanos - last) * perNano);
        last = nanos;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
