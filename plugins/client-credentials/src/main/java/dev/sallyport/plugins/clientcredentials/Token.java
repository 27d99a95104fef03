package dev.sallyport.plugins.clientcredentials;

import java.time.Instant;

/**
 * A token of the gateway's own.
 *
 * @param value what goes behind {@code Bearer}
 * @param asked when it was asked for
 * @param refreshAt from when on a newer one is asked for
 * @param expires when it ends
 */
record Token(String value, Instant asked, Instant refreshAt, Instant expires) {

    /** It may not stand in a log. */
    @Override
    public String toString() {
        return "a token until " + expires;
    }
}
