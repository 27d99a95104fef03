package dev.sallyport.api;

import java.net.URI;

/**
 * One try at a target of an upstream.
 *
 * @param number 1 for the first try of an exchange
 * @param upstream the upstream's name
 * @param target the target chosen: scheme, host and port
 * @param shown how logs and other outputs name the target: as the configuration writes it, so that a secret in it stays
 *     a reference such as {@code http://${env:ORDERS_HOST}:9001}
 */
public record Attempt(int number, String upstream, URI target, String shown) {

    /** An attempt at a target that is shown as it is. */
    public Attempt(int number, String upstream, URI target) {
        this(number, upstream, target, target.toString());
    }
}
