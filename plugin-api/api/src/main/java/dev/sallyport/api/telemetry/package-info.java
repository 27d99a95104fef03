/** Telemetry: what logs, metrics and traces of one exchange have in common. */
@NullMarked
package dev.sallyport.api.telemetry;

import org.jspecify.annotations.NullMarked;
