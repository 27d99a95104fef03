package dev.sallyport.api;

import dev.sallyport.api.config.Rate;

/**
 * State that outlives a request, and a reload. A store that is shared between gateways offers the same as
 * {@code memory}; steps never talk to a server themselves. Thread-safe.
 */
public interface Store {

    /**
     * Takes from a bucket, atomically: the bucket holds at most {@code burst} tokens, fills evenly with {@code rate}, and
     * starts full (a token bucket, told as the generic cell rate algorithm of ITU-T I.371).
     *
     * @param key whose bucket; keys of different steps never meet
     * @param rate how fast it fills; another one than before counts from now on
     * @param burst the most it holds; at least 1; a smaller one than before counts at once
     * @param tokens how many to take; 0 only asks
     * @return whether they were there, in which case they have been taken, and what is left
     */
    Take take(String key, Rate rate, long burst, long tokens);

    /**
     * What came of it.
     *
     * @param taken whether the tokens were there
     * @param left how many are left now
     * @param retryAfterNanos how long until as many as asked for are there; 0 where they were, and
     *     {@link Long#MAX_VALUE} where the bucket never holds as many
     * @param fullAfterNanos how long until the bucket is full again
     */
    record Take(boolean taken, long left, long retryAfterNanos, long fullAfterNanos) {}
}
