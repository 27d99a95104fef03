package dev.sallyport.plugins.iplist;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Where a feed comes from. */
@FunctionalInterface
interface FeedSource {

    /**
     * Fetches it.
     *
     * @param known which state of it is here already; null for none
     * @return what is new; null where it has not changed
     * @throws IOException where it cannot be had
     */
    @Nullable
    Fetched fetch(@Nullable Version known) throws IOException, InterruptedException;

    /**
     * Which state of a feed it is; all as the source told it.
     *
     * @param etag an entity tag; or null
     * @param modified a date; or null
     */
    record Version(@Nullable String etag, @Nullable String modified) {}

    /** What came; its bytes are not to be changed. */
    final class Fetched {

        private final byte[] bytes;
        private final Version version;

        Fetched(byte[] bytes, Version version) {
            this.bytes = bytes;
            this.version = version;
        }

        byte[] bytes() {
            return bytes;
        }

        Version version() {
            return version;
        }
    }

    /** A file: changed where its time or its length is another. */
    static FeedSource file(Path file, long mostBytes) {
        return known -> {
            long size = Files.size(file);
            Version version = new Version(
                    Long.toString(size),
                    Files.getLastModifiedTime(file).toInstant().toString());
            if (version.equals(known)) {
                return null;
            }
            if (size > mostBytes) {
                throw new IOException(size + " bytes (expected: " + mostBytes + " or less; see maxSize)");
            }
            return new Fetched(Files.readAllBytes(file), version);
        };
    }

    /** A URL, asked for what is newer than what is known (RFC 9110 §13.1). */
    static FeedSource url(HttpClient http, URI url, @Nullable String authorization, long mostBytes, Duration patience) {
        return known -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(patience);
            if (authorization != null) {
                request.header("authorization", authorization);
            }
            if (known != null && known.etag() != null) {
                request.header("if-none-match", known.etag());
            } else if (known != null && known.modified() != null) {
                request.header("if-modified-since", known.modified());
            }
            HttpResponse<byte[]> response = send(http, request.build(), mostBytes, patience);
            if (response.statusCode() == 304 && known != null) {
                return null;
            }
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode() + " (expected: 200)");
            }
            return new Fetched(
                    response.body(),
                    new Version(
                            response.headers().firstValue("etag").orElse(null),
                            response.headers().firstValue("last-modified").orElse(null)));
        };
    }

    private static HttpResponse<byte[]> send(HttpClient http, HttpRequest request, long mostBytes, Duration patience)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes));
        try {
            // The request's own time-out ends with the head of the response; a body may trickle.
            return sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("not here within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            sent.cancel(true);
        }
    }
}
