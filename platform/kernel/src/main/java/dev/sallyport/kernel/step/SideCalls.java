package dev.sallyport.kernel.step;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one client by which steps, services and scripts call others. It is made for the first who asks: most gateways have
 * nobody who does, and it reads all certificates that the JDK trusts. Thread-safe.
 */
public final class SideCalls implements Supplier<HttpClient>, AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private @Nullable HttpClient client;
    private boolean closed;

    @Override
    public synchronized HttpClient get() {
        if (closed) {
            throw new IllegalStateException("the gateway stops");
        }
        if (client == null) {
            client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();
        }
        return client;
    }

    @Override
    public void close() {
        HttpClient last;
        synchronized (this) {
            closed = true;
            last = client;
        }
        if (last != null) {
            last.close();
        }
    }
}
