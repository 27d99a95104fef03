package dev.sallyport.api;

import java.net.URI;

/**
 * One try at a target of an upstream.
 *
 * @param number 1 for the first try of an exchange
 * @param upstream the upstream's name
 * @param target the target chosen: scheme, host and port
 */
public record Attempt(int number, String upstream, URI target) {}
