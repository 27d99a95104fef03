package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Sends what scripts fetch. Thread-safe. */
@FunctionalInterface
interface Fetcher {

    /**
     * Sends a request; to cancel what comes back ends it.
     *
     * @param most how large the answer's body may be
     * @return the answer, whole; or why there is none
     */
    CompletableFuture<Response> send(HttpRequest request, long most);

    /** By a client. */
    static Fetcher by(Supplier<HttpClient> client) {
        return (request, most) -> client.get()
                .sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most))
                .thenApply(Answered::of);
    }

    /** An answer as a script sees it. */
    final class Answered {

        /** They tell of the connection that it came by. */
        private static final Set<String> OF_THE_CONNECTION = Set.of(
                "connection",
                "content-length",
                "keep-alive",
                "proxy-connection",
                "trailer",
                "transfer-encoding",
                "upgrade");

        private Answered() {}

        private static Response of(HttpResponse<byte[]> answer) {
            return Response.of(answer.statusCode(), headers(answer.headers()), Body.of(answer.body()));
        }

        private static Headers headers(HttpHeaders from) {
            Headers.Builder headers = Headers.builder(from.map().size());
            from.map().forEach((name, values) -> {
                if (!name.startsWith(":") && !OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> headers.add(name, value));
                }
            });
            return headers.build();
        }
    }
}
