package dev.sallyport.api;

/**
 * One credential of one consumer.
 *
 * @param consumer whom it authenticates
 * @param value its settings
 */
public record Credential<C extends Record>(Consumer consumer, C value) {}
