package dev.sallyport.api;

import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.LogEvent;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Carries telemetry to systems outside: it hears of every exchange, may read all metrics ({@link ServiceContext#allMetrics}), and
 * hears of the gateway's own log.
 *
 * <p>There is one instance for each entry under {@code services:}, and no route has to name it. What it holds is given to
 * {@link ServiceContext#onClose}.
 *
 * <ol>
 *   <li>Its methods are called by many threads at once, and none may wait: what is behind the exporter may be away.
 *   <li>What it throws harms no request: it is logged, and the exporter hears no more of that exchange or record.
 * </ol>
 */
public interface Exporter {

    /**
     * An exchange begins: its head has been read, no step has run, the route is not known yet.
     *
     * @param request as it came in; its exchange is where {@link dev.sallyport.api.telemetry.TraceContext} is left
     * @return what hears of it; null where this exporter wants to hear nothing
     */
    default @Nullable ExchangeObserver begins(Request request) {
        return null;
    }

    /**
     * A record of the gateway's log. What is logged within this call is not told; what the exporter and its libraries log
     * elsewhere is, so it leaves out what would have it log again.
     */
    default void logged(LogEvent event) {}

    /**
     * The metrics as the status address shows them under {@code /metrics}, in the place of the gateway's own text; of several
     * exporters that write some, the first in the configuration does.
     *
     * @param accept the value of the reader's {@code Accept}; null where it sent none
     * @return null where it writes none
     */
    default @Nullable MetricsPage metricsPage(@Nullable String accept) {
        return null;
    }

    /** What does not work now, in a sentence; null where that is nothing. Shown by {@code /readyz} as degraded. */
    default @Nullable String trouble() {
        return null;
    }

    /**
     * A page of metrics.
     *
     * @param contentType its media type, with parameters
     * @param content writes what it says, once
     */
    record MetricsPage(String contentType, Content content) {}

    /** Writes the bytes of a page. */
    @FunctionalInterface
    interface Content {

        /** Writes them all, and does not close what they are written to. */
        void writeTo(OutputStream out) throws IOException;
    }
}
