package dev.sallyport.oauth;

import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends what the library has made by the gateway's client, bounded in time and in the size of the answer. Thread-safe. */
public final class Sender implements HTTPRequestSender {

    /** The most bytes of an answer. */
    public static final int MOST_BYTES = 256 * 1024;

    private final HttpClient http;
    private final Duration timeout;

    /** @param timeout the longest that one request takes, from the connection to the last byte of the answer */
    public Sender(HttpClient http, Duration timeout) {
        this.http = http;
        this.timeout = timeout;
    }

    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        try {
            return once(request);
        } catch (HttpTimeoutException | ConnectException | InterruptedIOException notThere) {
            throw notThere;
        } catch (IOException broken) {
            // A connection that was kept may have been closed at the other end just now, and the client tries a POST
            // once.
            return once(request);
        }
    }

    private HTTPResponse once(ReadOnlyHTTPRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(translated(request), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            // The request's own time-out ends with the head of the answer; a body may trickle.
            return translated(sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            sent.cancel(true);
        }
    }

    private HttpRequest translated(ReadOnlyHTTPRequest request) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(request.getURI()).timeout(timeout).header("accept", "application/json");
        request.getHeaderMap().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        @Nullable String body = request.getBody();
        return builder.method(
                        request.getMethod().name(),
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private static HTTPResponse translated(HttpResponse<byte[]> response) {
        HTTPResponse translated = new HTTPResponse(response.statusCode());
        response.headers().map().forEach((name, values) -> translated.setHeader(name, values.toArray(String[]::new)));
        translated.setBody(new String(response.body(), StandardCharsets.UTF_8));
        return translated;
    }
}
