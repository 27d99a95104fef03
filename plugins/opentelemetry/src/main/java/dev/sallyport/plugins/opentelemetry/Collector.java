package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import java.io.IOException;

/** The way to the collector. Used by several threads at once. */
interface Collector extends AutoCloseable {

    /**
     * Sends a message and waits for what is said to it, no longer than the settings allow.
     *
     * @param message an export request of that signal, in protobuf
     * @throws IOException where it is away, or breaks off
     * @throws InterruptedException where the service is closed meanwhile
     */
    Answer send(Signal signal, byte[] message) throws IOException, InterruptedException;

    /** Ends its connections and threads. */
    @Override
    void close();
}
