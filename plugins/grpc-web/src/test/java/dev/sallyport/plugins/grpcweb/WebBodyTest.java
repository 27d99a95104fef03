package dev.sallyport.plugins.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;

/** Calls that end otherwise than their servers mean. */
final class WebBodyTest {

    private static Requests.Builder call() {
        return Requests.post("/grpc.testing.TestService/EmptyCall", "\0\0\0\0\0")
                .header("Content-Type", "application/grpc-web+proto");
    }

    @Test
    void endsByTheStatusOfABadMessageOfTheRequest() throws Exception {
        InputStream breaks = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new BadMessageException(3, "no message begins here");
            }
        };
        InputStream answer = new SequenceInputStream(new ByteArrayInputStream(new byte[5]), breaks);
        try (FakeContext context = FakeContext.create()) {
            Filter filter = new GrpcWebFilter(1024, context);

            Response response = filter.handle(
                    call().build(),
                    _ -> Response.of(200, Headers.of("content-type", "application/grpc"), Body.of(answer, -1)));

            assertThat(response.body().text(1_000))
                    .startsWith("\0\0\0\0\0")
                    .endsWith("grpc-status: 3\r\ngrpc-message: no%20message%20begins%20here\r\n");
        }
    }

    @Test
    void takesTheLongestTimeoutThatCanBeWritten() throws Exception {
        UpstreamException failure = new UpstreamException(UpstreamException.Kind.CONNECT, "nobody", null);
        try (FakeContext context = FakeContext.create()) {
            Filter filter = new GrpcWebFilter(1024, context);

            assertThatThrownBy(() -> filter.handle(
                            call().header("grpc-timeout", "99999999H").build(), _ -> {
                                throw failure;
                            }))
                    .isSameAs(failure);
        }
    }
}
