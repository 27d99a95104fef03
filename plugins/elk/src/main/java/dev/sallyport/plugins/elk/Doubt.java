package dev.sallyport.plugins.elk;

import org.jspecify.annotations.Nullable;

/**
 * Records may have arrived already: the connection broke, or the gateway died, between write and answer.
 *
 * @param place where they would be, or further on: the index that was written to at that time; null where that is not known
 */
record Doubt(@Nullable String place) {}
