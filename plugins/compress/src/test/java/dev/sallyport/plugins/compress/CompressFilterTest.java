package dev.sallyport.plugins.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.compress.CompressConfig.Guard;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompressFilterTest {

    private static final String TEXT = "to be compressed, ".repeat(5_000);

    private static Response answer(String... more) {
        Headers headers = Headers.of(more);
        return Response.of(
                200,
                headers.has("content-type") ? headers : headers.with("Content-Type", "text/plain; charset=utf-8"),
                Body.of(TEXT));
    }

    private static Response run(Guard guard, Requests.Builder request, Response response) throws Exception {
        return new CompressFilter(Compression.config(guard, Coding.values()))
                .handle(request.build(), FakeNext.answering(response));
    }

    private static Requests.Builder asking(String acceptEncoding) {
        return Requests.get("/").header("Accept-Encoding", acceptEncoding);
    }

    private static byte[] bytes(Response response) throws IOException {
        try (Body body = response.body();
                InputStream in = body.open()) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void compressesSoThatTheClientHasWhatWasSent(Coding coding) throws Exception {
        Response response = run(Guard.NONE, asking(coding.token()), answer("ETag", "\"a\"", "Accept-Ranges", "bytes"));

        byte[] sent = bytes(response);

        assertThat(sent).hasSizeLessThan(TEXT.length() / 50);
        assertThat(Compression.decoded(coding.token(), sent)).asString().isEqualTo(TEXT);
        assertThat(response.header("content-encoding")).isEqualTo(coding.token());
        assertThat(response.header("vary")).isEqualTo("Accept-Encoding");
        assertThat(response.header("etag")).isEqualTo("W/\"a\"");
        assertThat(response.headers().has("accept-ranges")).isFalse();
        assertThat(response.body().length()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "'gzip, br, zstd', zstd",
        "'gzip;q=1.0, br;q=0.9', gzip",
        "'gzip, br;q=0', gzip",
        "'*', zstd",
        "'*;q=0.5, gzip', gzip",
        "'x-gzip', gzip",
        "'GZIP', gzip",
        "'identity, gzip;q=0.5',",
        "'identity;q=0.5, gzip;q=0.5', gzip",
        "'deflate',",
        "'gzip;q=0',",
        "'gzip;q=x',",
        "'',"
    })
    void takesWhatTheClientLikesBest(String accept, String coding) throws Exception {
        Response response = run(Guard.NONE, asking(accept), answer());

        assertThat(response.header("content-encoding")).isEqualTo(coding);
        assertThat(response.header("vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void leavesTheBodyAloneForAClientThatSaysNothing() throws Exception {
        assertThat(run(Guard.NONE, Requests.get("/"), answer()).header("content-encoding"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Encoding, br",
        "Cache-Control, 'public, no-transform'",
        "Content-Type, image/png",
        "Content-Range, bytes 0-1/2"
    })
    void leavesAloneWhatIsNotToBeCompressed(String name, String value) throws Exception {
        Response given = answer(name, value);

        Response response = run(Guard.NONE, asking("gzip"), given);

        assertThat(response.headers()).isEqualTo(given.headers());
        assertThat(bytes(response)).asString().isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 304})
    void leavesAloneWhatIsNoWholeBody(int status) throws Exception {
        Response response = run(Guard.NONE, asking("gzip"), answer().withStatus(status));

        assertThat(response.headers().has("content-encoding")).isFalse();
    }

    @Test
    void leavesSmallBodiesAlone() throws Exception {
        Response small = Response.of(200, Headers.of("Content-Type", "application/problem+json"), Body.of("{}"));

        assertThat(run(Guard.NONE, asking("gzip"), small).header("content-encoding"))
                .isNull();
    }

    @Test
    void keepsAVaryThatSaysSoAlready() throws Exception {
        Response response = run(Guard.NONE, asking("gzip"), answer("Vary", "Origin, accept-encoding"));

        assertThat(response.headers().all("vary")).containsExactly("Origin, accept-encoding");
    }

    @Test
    void answersHeadAsGetWithoutABody() throws Exception {
        Response head = Response.of(
                200, Headers.of("Content-Type", "text/html", "Content-Length", "90000", "ETag", "\"a\""), Body.empty());

        Response response = run(Guard.NONE, Requests.of("HEAD", "/").header("Accept-Encoding", "gzip"), head);

        assertThat(response.header("content-encoding")).isEqualTo("gzip");
        assertThat(response.headers().has("content-length")).isFalse();
        assertThat(response.header("etag")).isEqualTo("W/\"a\"");
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void passesOnWhatHasComeBeforeItWaitsForMore(Coding coding) throws Exception {
        PipedOutputStream upstream = new PipedOutputStream();
        PipedInputStream events = new PipedInputStream(upstream, 1 << 16);
        Response response = run(
                Guard.NONE,
                asking(coding.token()),
                Response.of(200, Headers.of("Content-Type", "text/event-stream"), Body.of(events, -1)));
        try (Body body = response.body();
                InputStream client = Compression.decoded(coding.token(), body.open())) {
            for (int i = 0; i < 10; i++) {
                String event = "data: " + i + "\n\n";
                upstream.write(event.getBytes());

                StringBuilder came = new StringBuilder();
                while (came.length() < event.length()) {
                    came.append((char) client.read()); // one by one: of more, a decoder may wait for all
                }
                assertThat(came).asString().isEqualTo(event);
            }
            upstream.close();
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void survivesBytesOfAnyKindAndReadsOfAnySize(Coding coding) throws Exception {
        Random random = new Random(coding.ordinal());
        byte[] all = new byte[1_000_000];
        random.nextBytes(all);
        Response response = run(
                Guard.NONE,
                asking(coding.token()),
                Response.of(200, Headers.of("Content-Type", "text/plain"), TrackedBody.of(all)));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (InputStream in = response.body().open()) {
            byte[] buffer = new byte[40_000];
            int read = 0;
            while (read >= 0) {
                sent.write(buffer, 0, read);
                read = in.read(buffer, 0, 1 + random.nextInt(buffer.length));
            }
        }

        assertThat(Compression.decoded(coding.token(), sent.toByteArray())).isEqualTo(all);
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void aBodyThatBreaksOffBreaksOff(Coding coding) throws Exception {
        Response response = run(
                Guard.NONE,
                asking(coding.token()),
                Response.of(200, Headers.of("Content-Type", "text/plain"), TrackedBody.breakingAfter("half")));

        assertThatThrownBy(() -> bytes(response)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CROSS_SITE, sec-fetch-site, cross-site, false",
        "CROSS_SITE, sec-fetch-site, same-site, true",
        "CROSS_SITE, referer, https://evil.example/x, false",
        "CROSS_SITE, origin, http://gateway.test, true",
        "CROSS_SITE, referer, ':', false",
        "CROSS_SITE, accept, text/html, true",
        "COOKIES, sec-fetch-site, same-origin, false",
        "NONE, sec-fetch-site, cross-site, true"
    })
    void leavesAloneWhatMayTellASecretByItsLength(Guard guard, String name, String value, boolean compresses)
            throws Exception {
        Response response = run(guard, asking("gzip").header("Cookie", "sid=1").header(name, value), answer());

        assertThat(response.headers().has("content-encoding")).isEqualTo(compresses);
        assertThat(response.header("vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void findsThatItsLibrariesWork() throws Exception {
        new CompressFilter(Compression.config(Guard.NONE, Coding.values())).selfTest();
    }

    @Test
    void explainsWhatItWouldDo() {
        Request request = asking("br").build();

        assertThat(new CompressFilter(Compression.config(Guard.NONE, Coding.values())).explain(request))
                .isEqualTo(new Explanation.Passes(request, "its response is compressed by br where that is worth it"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"html", "Text/html", "text/html; charset=utf-8", "+x/y"})
    void refusesWhatIsNoType(String type) {
        assertThatThrownBy(() -> new CompressConfig(
                        List.of(Coding.GZIP), List.of(type), Size.parse("1KiB"), 6, 4, 3, Guard.NONE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("(expected: a media type");
    }
}
