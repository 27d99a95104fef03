/** Metrics under the names that Prometheus has for them, as the official client's snapshots. */
@NullMarked
package dev.sallyport.prometheus;

import org.jspecify.annotations.NullMarked;
