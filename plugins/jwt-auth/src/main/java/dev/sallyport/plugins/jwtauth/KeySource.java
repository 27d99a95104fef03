package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.oauth.Urls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Where keys come from. */
@FunctionalInterface
interface KeySource {

    /** The longest that a fetch takes. */
    Duration PATIENCE = Duration.ofSeconds(10);

    /** The most bytes of a key set or a discovery document. */
    int MOST_BYTES = 1 << 20;

    /** Fetches them; fails with {@link KeysUnavailableException}, or a cause that says what went wrong. */
    CompletableFuture<KeySet> fetch();

    /** A file, read anew each time. */
    static KeySource file(Path file) {
        return () -> {
            try {
                return CompletableFuture.completedFuture(KeySet.parse(Files.readAllBytes(file)));
            } catch (IOException | KeysUnavailableException e) {
                return CompletableFuture.failedFuture(new KeysUnavailableException(file + ": " + e, e));
            }
        };
    }

    /** A key set under a URL. */
    static KeySource url(HttpClient http, URI url) {
        return () -> get(http, url).thenApply(body -> parse(url, body));
    }

    /**
     * A key set whose URL the provider's metadata tell (OpenID Connect Discovery 1.0 §4). They are read anew each time,
     * since a provider may move its keys.
     */
    static KeySource discovery(HttpClient http, URI metadata, String issuer) {
        return () -> get(http, metadata).thenCompose(body -> {
            URI url = keysUrl(metadata, body, issuer);
            return get(http, url).thenApply(keys -> parse(url, keys));
        });
    }

    private static URI keysUrl(URI metadata, byte[] body, String issuer) {
        try {
            Map<String, Object> json = JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8));
            String told = JSONObjectUtils.getString(json, "issuer");
            if (!issuer.equals(told)) {
                // §4.3: it must be the one asked for, or one provider could speak for another.
                throw failure(metadata, "issuer: " + told + " (expected: " + issuer + ")");
            }
            URI url = JSONObjectUtils.getURI(json, "jwks_uri");
            if (url == null || !Urls.isHttp(url) || Urls.isDowngrade(metadata, url)) {
                throw failure(metadata, "jwks_uri: " + url + " (expected: an https URL)");
            }
            return url;
        } catch (ParseException e) {
            throw failure(metadata, "not a provider's metadata: " + e.getMessage());
        }
    }

    private static KeySet parse(URI url, byte[] body) {
        try {
            return KeySet.parse(body);
        } catch (KeysUnavailableException e) {
            throw failure(url, String.valueOf(e.getMessage()));
        }
    }

    private static CompletableFuture<byte[]> get(HttpClient http, URI url) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("accept", "application/json")
                .timeout(PATIENCE)
                .build();
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        return sent.copy()
                // The request's own time-out ends with the head of the response; a body may trickle.
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failed) -> sent.cancel(true))
                .handle((response, failed) -> {
                    if (failed != null) {
                        throw failure(url, failed.toString());
                    }
                    if (response.statusCode() != 200) {
                        throw failure(url, "status " + response.statusCode() + " (expected: 200)");
                    }
                    return response.body();
                });
    }

    private static CompletionException failure(URI url, String what) {
        return new CompletionException(new KeysUnavailableException(url + ": " + what, null));
    }
}
