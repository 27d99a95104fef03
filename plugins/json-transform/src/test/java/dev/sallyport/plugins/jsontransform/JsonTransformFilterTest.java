package dev.sallyport.plugins.jsontransform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Size;
import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.jsontransform.JsonTransformConfig.Operation;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTransformFilterTest {

    private static final List<Operation> REMOVE = List.of(OperationsTest.remove("/secret"));

    private static final String JSON = "{\"secret\":1,\"price\":1.10}";
    private static final String LEFT = "{\"price\":1.10}";

    static JsonTransformConfig config(List<Operation> request, List<Operation> response) {
        return config(request, response, Duration.ofMillis(500));
    }

    static JsonTransformConfig config(List<Operation> request, List<Operation> response, Duration time) {
        return new JsonTransformConfig(
                request,
                response,
                List.of("application/json", "+json"),
                List.of("application/x-ndjson"),
                Size.parse("64KiB"),
                time);
    }

    private static Filter filter(List<Operation> request, List<Operation> response) {
        return new JsonTransformFactory().create(config(request, response), FakeContext.create());
    }

    private static final Filter OF_REQUEST = filter(REMOVE, List.of());
    private static final Filter OF_RESPONSE = filter(List.of(), REMOVE);

    private static Request post(Body body, String... headers) {
        Requests.Builder request = Requests.of("POST", "/orders").body(body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    private static String text(Body body) throws IOException {
        try (body) {
            return body.text(100_000_000);
        }
    }

    private static byte[] coded(String coding, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** The request that went on. */
    private static Request passed(Filter filter, Request request) throws Exception {
        FakeNext next = FakeNext.answering(_ -> Response.of(204));
        assertThat(filter.handle(request, next).status()).isEqualTo(204);
        return next.requests().getFirst();
    }

    private static Response answered(Filter filter, String method, Response upstream) throws Exception {
        return filter.handle(Requests.of(method, "/").build(), FakeNext.answering(_ -> upstream));
    }

    private static Problem problem(Response response) {
        return Objects.requireNonNull(response.problem());
    }

    @Test
    void changesARequestAndItsFields() throws Exception {
        TrackedBody body = TrackedBody.of(JSON);
        Request passed = passed(
                OF_REQUEST,
                post(
                        body,
                        "Content-Type",
                        "application/json; charset=utf-8",
                        "Content-Length",
                        "25",
                        "Content-MD5",
                        "x",
                        "Accept-Encoding",
                        "br",
                        "Range",
                        "bytes=0-1"));

        assertThat(passed.body().length()).isEqualTo(LEFT.length());
        assertThat(text(passed.body())).isEqualTo(LEFT);
        assertThat(passed.headers().names()).containsExactly("accept-encoding", "content-type", "host", "range");
        assertThat(body.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "text/event-stream",
                "application/jsonp",
                "application/grpc+json"
            })
    void leavesOtherTypesUnread(String type) throws Exception {
        TrackedBody body = TrackedBody.of(JSON);

        assertThat(passed(OF_REQUEST, post(body, "Content-Type", type)).body()).isSameAs(body);
        assertThat(answered(OF_RESPONSE, "GET", Response.of(200, Headers.of("content-type", type), body))
                        .body())
                .isSameAs(body);
        assertThat(body.isUntouched()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate"})
    void takesCodingsOff(String coding) throws Exception {
        byte[] coded = coded(coding.replace("x-", ""), JSON);
        Headers headers = Headers.of("Content-Type", "application/hal+json", "Content-Encoding", coding);

        Request passed =
                passed(OF_REQUEST, post(TrackedBody.of(coded), "Content-Type", "a/b+json", "Content-Encoding", coding));
        Response answered = answered(OF_RESPONSE, "GET", Response.of(200, headers, TrackedBody.of(coded)));

        assertThat(text(passed.body())).isEqualTo(LEFT);
        assertThat(passed.headers().has("content-encoding")).isFalse();
        assertThat(text(answered.body())).isEqualTo(LEFT);
        assertThat(answered.headers().names()).containsExactly("content-type");
    }

    @Test
    void refusesOtherCodingsAndThoseThatAreNotWhatTheySay() throws Exception {
        FakeNext next = FakeNext.answering(_ -> Response.of(204));
        Request br = post(TrackedBody.of(JSON), "Content-Type", "application/json", "Content-Encoding", "br");
        Request bad = post(TrackedBody.of(JSON), "Content-Type", "application/json", "Content-Encoding", "gzip");

        assertThat(problem(OF_REQUEST.handle(br, next)).code()).isEqualTo("coding-unsupported");
        assertThat(problem(OF_REQUEST.handle(bad, next)).code()).isEqualTo("coding-invalid");
        assertThat(next.calls()).isZero();
        Headers headers = Headers.of("content-type", "application/json", "content-encoding", "zstd");
        assertThat(answered(OF_RESPONSE, "GET", Response.of(200, headers, TrackedBody.of(JSON)))
                        .status())
                .isEqualTo(502);
    }

    @Test
    void refusesWhatGrowsOutOfAllProportion() throws Exception {
        byte[] bomb = coded("gzip", "\"" + "x".repeat(50_000_000) + "\"");
        Request request = post(TrackedBody.of(bomb), "Content-Type", "application/json", "Content-Encoding", "gzip");

        Request passed = passed(OF_REQUEST, request);

        assertThatThrownBy(() -> text(passed.body()))
                .isInstanceOf(BadContentException.class)
                .hasMessageContaining("100");
        Response response = OF_REQUEST.handle(
                post(TrackedBody.of(bomb), "Content-Type", "application/json", "Content-Encoding", "gzip"),
                FakeNext.answering(onward -> Response.text(200, text(onward.body()))));
        assertThat(problem(response).status()).isEqualTo(413);
    }

    @Test
    void tellsTheClientWhereItsJsonIsBad() throws Exception {
        FakeNext next = FakeNext.answering(_ -> Response.of(204));
        TrackedBody body = TrackedBody.of("{\n \"a\": }");

        Problem problem = problem(OF_REQUEST.handle(post(body, "Content-Type", "application/json"), next));

        assertThat(next.calls()).isZero();
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).isEqualTo("line 2, column 7: value expected");
        assertThat(problem.members()).isEqualTo(Map.of("line", 2L, "column", 7L));
        assertThat(body.isClosed()).isTrue();
    }

    @Test
    void tellsSoAlsoWhereTheBodyStreamsAlready() throws Exception {
        TrackedBody body = TrackedBody.chunked("{\"a\": }", Headers.empty());
        FakeNext reading = FakeNext.answering(request -> Response.text(200, text(request.body())));

        Problem problem = problem(OF_REQUEST.handle(post(body, "Content-Type", "application/json"), reading));

        assertThat(problem.detail()).isEqualTo("line 1, column 7: value expected");
    }

    @Test
    void changesAResponseAndItsFields() throws Exception {
        Headers headers = Headers.of(
                "Content-Type",
                "application/json",
                "Content-Length",
                "25",
                "ETag",
                "\"v1\"",
                "Accept-Ranges",
                "bytes",
                "Content-Digest",
                "sha-256=:x:",
                "X-Other",
                "stays");
        Response response = answered(OF_RESPONSE, "GET", Response.of(200, headers, TrackedBody.of(JSON)));

        assertThat(text(response.body())).isEqualTo(LEFT);
        assertThat(response.headers().names()).containsExactly("content-type", "etag", "x-other");
        assertThat(response.header("etag")).isEqualTo("W/\"v1\"");
    }

    @Test
    void asksForAWholeResponseInNoCoding() throws Exception {
        Request asked = passed(
                OF_RESPONSE,
                post(Body.empty(), "Accept-Encoding", "br, gzip", "Range", "bytes=0-1", "If-Range", "\"v\""));

        assertThat(asked.headers().names()).containsExactly("accept-encoding", "host");
        assertThat(asked.header("accept-encoding")).isEqualTo("identity");
    }

    @Test
    void leavesResponsesThatHaveNoBodyOfTheUpstream() throws Exception {
        Headers headers = Headers.of("Content-Type", "application/json", "Content-Length", "25", "ETag", "\"v1\"");
        Response head = answered(OF_RESPONSE, "HEAD", Response.of(200, headers, Body.empty()));
        Response notModified = answered(OF_RESPONSE, "GET", Response.of(304, headers, Body.empty()));
        Response none = answered(OF_RESPONSE, "GET", Response.of(204, headers, Body.empty()));
        Response own = answered(
                OF_RESPONSE,
                "GET",
                new Problem(403, "denied", "Denied")
                        .with("secret", 1)
                        .toResponse(Requests.get("/").build()));

        assertThat(head.headers().names()).containsExactly("content-type", "etag"); // as GET would have them
        assertThat(head.header("etag")).isEqualTo("W/\"v1\"");
        assertThat(notModified.header("etag")).isEqualTo("W/\"v1\"");
        assertThat(none.header("etag")).isEqualTo("\"v1\"");
        assertThat(text(own.body())).contains("secret");
    }

    @Test
    void refusesAPartOfAResponse() throws Exception {
        TrackedBody body = TrackedBody.of("\"secret\":1");
        Headers headers = Headers.of("Content-Type", "application/json", "Content-Range", "bytes 1-10/25");

        Response response = answered(OF_RESPONSE, "GET", Response.of(206, headers, body));

        assertThat(problem(response).code()).isEqualTo("content-partial");
        assertThat(response.status()).isEqualTo(502);
        assertThat(body.isClosed()).isTrue();
    }

    @Test
    void answers502WhereTheBeginningOfAResponseIsBad() throws Exception {
        Headers headers = Headers.of("Content-Type", "application/json");

        Response response = answered(OF_RESPONSE, "GET", Response.of(200, headers, TrackedBody.of("{'a'}")));

        assertThat(response.status()).isEqualTo(502);
        assertThat(problem(response).detail())
                .isEqualTo("the upstream's response: line 1, column 2: name or } expected");
    }

    @Test
    void breaksOffAResponseThatIsBadLaterOn() throws Exception {
        String json = "[" + "1,".repeat(50_000) + "?]";
        for (TrackedBody body : List.of(TrackedBody.of(json), TrackedBody.chunked(json, Headers.empty()))) {
            Response response = answered(
                    OF_RESPONSE, "GET", Response.of(200, Headers.of("Content-Type", "application/json"), body));

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body().length()).isEqualTo(-1);
            try (Body changed = response.body();
                    InputStream in = changed.open()) {
                assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
                        .isInstanceOf(BadContentException.class);
                assertThatThrownBy(in::read).isInstanceOf(BadContentException.class);
            }
            assertThat(body.isClosed()).isTrue();
        }
    }

    @Test
    void passesOnThatAResponseBreaksOff() {
        Headers headers = Headers.of("Content-Type", "application/json");

        assertThatThrownBy(() -> text(
                        answered(OF_RESPONSE, "GET", Response.of(200, headers, TrackedBody.breakingAfter("{\"a\":1")))
                                .body()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(BadContentException.class);
    }

    @Test
    void passesOnWhatHasComeBeforeItWaitsForMore() throws Exception {
        try (PipedOutputStream upstream = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(upstream)) {
            Response response = answered(
                    OF_RESPONSE,
                    "GET",
                    Response.of(200, Headers.of("Content-Type", "application/x-ndjson"), Body.of(in, -1)));
            InputStream changed = response.body().open();
            byte[] line = new byte[100];

            upstream.write("{\"secret\":1,\"n\":1}\n".getBytes(StandardCharsets.UTF_8));
            upstream.flush();
            assertThat(new String(line, 0, changed.read(line), StandardCharsets.UTF_8))
                    .isEqualTo("{\"n\":1}\n");
            upstream.write("{\"n\":2}\n".getBytes(StandardCharsets.UTF_8));
            upstream.flush();
            assertThat(new String(line, 0, changed.read(line), StandardCharsets.UTF_8))
                    .isEqualTo("{\"n\":2}\n");
        }
    }

    @Test
    void makesADocumentByATemplateUpToALimit() throws Exception {
        Filter filter = filter(
                List.of(OperationsTest.template("{\"id\": order}")),
                List.of(OperationsTest.template("{\"total\": $sum(p)}")));
        String tooLong = "{\"order\":\"" + "x".repeat(70_000) + "\"}";
        Headers headers = Headers.of("Content-Type", "application/json");

        assertThat(text(passed(filter, post(TrackedBody.of("{\"order\":7.50}"), "Content-Type", "application/json"))
                        .body()))
                .isEqualTo("{\"id\":7.50}");
        assertThat(text(answered(filter, "GET", Response.of(200, headers, TrackedBody.of("{\"p\":[1,2]}")))
                        .body()))
                .isEqualTo("{\"total\":3}");
        assertThat(problem(filter.handle(
                                post(TrackedBody.of(tooLong), "Content-Type", "application/json"),
                                FakeNext.answering(_ -> Response.of(204))))
                        .status())
                .isEqualTo(413);
        assertThat(problem(answered(filter, "GET", Response.of(200, headers, TrackedBody.of(tooLong))))
                        .status())
                .isEqualTo(502);
        assertThat(problem(answered(filter, "GET", Response.of(200, headers, TrackedBody.of("{\"p\":\"x\"}"))))
                        .code())
                .isEqualTo("transform-failed");
    }

    @Test
    void keepsTrailersButThoseOfOtherBytes() throws Exception {
        TrackedBody body = TrackedBody.chunked(JSON, Headers.of("Content-Digest", "x", "X-Sum", "7"));
        Response response =
                answered(OF_RESPONSE, "GET", Response.of(200, Headers.of("Content-Type", "application/json"), body));

        Body whole = response.body().buffered(1_000);

        assertThat(whole.trailers().names()).containsExactly("x-sum");
    }

    @Test
    void changesABodyThatIsReplayableAsOftenAsItIsOpened() throws Exception {
        String json = "{\"secret\":1,\"x\":\"" + "x".repeat(100_000) + "\"}";
        Request passed = passed(OF_REQUEST, post(Body.of(json), "Content-Type", "application/json"));

        assertThat(passed.body().isReplayable()).isTrue();
        for (int i = 0; i < 2; i++) {
            try (InputStream in = passed.body().open()) {
                assertThat(in.readAllBytes()).hasSize(json.length() - "\"secret\":1,".length());
            }
        }
    }
}
