/** The service {@code opentelemetry}: traces, metrics and logs by OTLP to a collector. */
@NullMarked
package dev.sallyport.plugins.opentelemetry;

import org.jspecify.annotations.NullMarked;
