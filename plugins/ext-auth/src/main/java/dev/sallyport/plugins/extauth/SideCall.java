package dev.sallyport.plugins.extauth;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call to the service that ends in time, whatever it does, with an answer of a bounded length.
 *
 * @param timeout for all of it
 */
record SideCall(HttpClient http, Duration timeout) {

    /** The most bytes of an answer. */
    static final int MOST_BYTES = 64 << 10;

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sent = http.sendAsync(
                request.version(HttpClient.Version.HTTP_1_1).build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no decision within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            sent.cancel(true);
        }
    }
}
