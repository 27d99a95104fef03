/** Metrics: the gateway's own and those of steps, and the text in which Prometheus reads them. */
@NullMarked
package dev.sallyport.kernel.telemetry;

import org.jspecify.annotations.NullMarked;
