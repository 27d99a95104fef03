package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.UpstreamException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the parts of the contract share. */
interface UpstreamContract {

    String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    UpstreamFixture up();

    /** Runs it on a virtual thread. */
    static <T> CompletableFuture<T> later(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(action.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    static Throwable failureOf(CompletableFuture<?> result) throws InterruptedException {
        try {
            throw new AssertionError("no failure but " + result.get());
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    static void fails(UpstreamException.Kind kind, String message, ThrowingCallable action) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(action))
                .isInstanceOfSatisfying(UpstreamException.class, e -> {
                    assertThat(e.kind()).as("%s, caused by %s", e, e.getCause()).isEqualTo(kind);
                    assertThat(e).hasMessageContaining(message);
                });
    }

    /** A body whose bytes come from elsewhere while it is read. */
    static Body streamed(InputStream in, long length, Headers trailers) {
        Body stream = Body.of(in, length);
        return trailers.isEmpty() ? stream : stream.mapTrailers(none -> trailers);
    }
}
