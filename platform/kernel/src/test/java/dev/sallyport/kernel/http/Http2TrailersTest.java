package dev.sallyport.kernel.http;

import static dev.sallyport.kernel.http.RawHttp2.DATA;
import static dev.sallyport.kernel.http.RawHttp2.END_HEADERS;
import static dev.sallyport.kernel.http.RawHttp2.END_STREAM;
import static dev.sallyport.kernel.http.RawHttp2.GOAWAY;
import static dev.sallyport.kernel.http.RawHttp2.HEADERS;
import static dev.sallyport.kernel.http.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.MalformedBodyException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a request's body over HTTP/2, where trailers come behind it. */
@Timeout(60)
final class Http2TrailersTest {

    private static final int PROTOCOL_ERROR = 1;

    /** {@code x-sum: 7}, which enters no table. */
    private static final byte[] TRAILERS = {0, 5, 'x', '-', 's', 'u', 'm', 1, '7'};

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<String> read = new CompletableFuture<>();
    private ListenerFixture web;
    private RawHttp2 client;

    @BeforeEach
    void post() throws Exception {
        web = new ListenerFixture().answering(this::read);
        client = new RawHttp2(web.port);
        client.post(1);
        client.send(DATA, 0, 1, 'a', 'b', 'c');
        begun.await();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        web.close();
    }

    private Response read(Request request) throws IOException {
        try (InputStream in = request.body().open()) {
            String first = String.valueOf((char) in.read());
            begun.countDown();
            read.complete(first + new String(in.readAllBytes()) + " "
                    + request.body().trailers().get("x-sum", ""));
            return Response.of(204);
        } catch (IOException e) {
            read.completeExceptionally(e);
            throw e;
        }
    }

    @Test
    void isTheEndOfTheStream() throws Exception {
        client.write(frame(HEADERS, END_HEADERS | END_STREAM, 1, TRAILERS));

        assertThat(read.get()).isEqualTo("abc 7");
        assertThat(client.await(HEADERS)).isNotNull();
    }

    /** RFC 9113 §8.1: the request is malformed, and so must not be passed on as if it were whole. */
    @Test
    void isNotThereWithTrailersThatDoNotEndTheStream() throws Exception {
        client.write(frame(HEADERS, END_HEADERS, 1, TRAILERS));

        assertThat(client.await(GOAWAY).error()).isEqualTo(PROTOCOL_ERROR);
        assertThatThrownBy(read::get).hasRootCauseInstanceOf(MalformedBodyException.class);
    }
}
