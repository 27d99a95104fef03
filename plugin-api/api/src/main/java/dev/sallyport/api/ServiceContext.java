package dev.sallyport.api;

import dev.sallyport.api.telemetry.Metric;
import io.opentelemetry.api.metrics.Meter;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the gateway lends one service: an extension that is not a step, configured under {@code services:}. Everything that
 * it gives out is taken back after the service was closed, or when its {@code create} fails. It may be used by many threads
 * at once. What is said of the same methods in {@link FilterContext} holds here too.
 */
public interface ServiceContext {

    /** The service's name in the configuration. */
    String name();

    /** The clock to take the time from; tests set it. */
    Clock clock();

    /** The gateway's own log, under the type's name. */
    System.Logger logger();

    /** Runs tasks later or again and again, each on a virtual thread; tasks left over at close are cancelled. */
    ScheduledExecutorService scheduler();

    /** Runs tasks at once, each on a virtual thread of its own; those left over at close are interrupted. */
    ExecutorService threads();

    /**
     * Closes something together with the service, also where {@code create} fails after this call.
     *
     * @return what was given
     */
    <R extends AutoCloseable> R onClose(R resource);

    /**
     * Makes this service's metrics: see {@link FilterContext#meter}. The attribute {@code step} is the service's name, and
     * there is no route.
     */
    Meter meter();

    /**
     * All metrics of the gateway, of its steps and of its services as they are now: what {@code /metrics} shows. It reads them
     * all, so it is for the thread that sends or writes them, not for requests.
     */
    List<Metric> allMetrics();

    /** A folder that belongs to this service and survives restarts; it exists. */
    Path dataFolder();

    /** A client for calls over HTTP. It follows no redirects and keeps no cookies. */
    HttpClient http();
}
