/**
 * Telemetry: what services that carry it to systems outside hear of exchanges, metrics and the gateway's own log. See {@link
 * dev.sallyport.api.ExporterFactory}.
 */
@NullMarked
package dev.sallyport.api.telemetry;

import org.jspecify.annotations.NullMarked;
