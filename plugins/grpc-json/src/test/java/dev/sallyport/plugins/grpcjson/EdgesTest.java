package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unknown;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients and servers send that is nearly right. */
final class EdgesTest {

    private static final byte[] KEY = {0x0a, 1, 'k'};

    private static FakeContext context;
    private static Filter filter;

    private byte[] sent = {};

    @BeforeAll
    static void make() {
        context = FakeContext.create();
        filter = new GrpcJsonFactory()
                .create(
                        Configs.of(
                                new Description.Protos(List.of("edges.proto"), List.of(Configs.PROTOS)),
                                Unmatched.REFUSE,
                                Unknown.REFUSE),
                        context);
    }

    @AfterAll
    static void close() throws Exception {
        filter.close();
        context.close();
    }

    private static Response answer(InputStream body) {
        Body answered = Body.of(body, -1).mapTrailers(_ -> Headers.of("grpc-status", "0"));
        return Response.of(200, Headers.of("content-type", "application/grpc"), answered);
    }

    private Response call(Requests.Builder request, byte[] answer) throws Exception {
        Next next = onward -> {
            try (InputStream in = onward.body().open()) {
                sent = in.readAllBytes();
            }
            return answer(new ByteArrayInputStream(Frames.framed(answer)));
        };
        return filter.handle(request.build(), next);
    }

    private static Requests.Builder json(String path, String body) {
        return Requests.post(path, body).header("Content-Type", "application/json");
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?user_id=1&userId=99", "?userId=99", "?user_id=99", "?user_id=1&user_id=2"})
    void neverLetsTheQueryOverrideThePath(String query) throws Exception {
        assertThat(call(Requests.get("/users/42" + query), new byte[0]).status())
                .isEqualTo(200);

        assertThat(sent).isEqualTo(Frames.framed(new byte[] {0x0a, 2, '4', '2'}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?span=1", "?span.from=1&span=1", "?span.from=1&span.to=2"})
    void neverLetsTheQueryOverrideAPartThatThePathBinds(String query) throws Exception {
        assertThat(call(Requests.get("/spans/7" + query), new byte[0]).status()).isEqualTo(200);

        byte[] seven = {0x1a, 2, 0x08, 7};
        byte[] sevenToTwo = {0x1a, 4, 0x08, 7, 0x10, 2};
        assertThat(sent).isEqualTo(Frames.framed(query.contains("to") ? sevenToTwo : seven));
    }

    @Test
    void refusesABodyThatIsTooLargeThoughItIsInMemory() throws Exception {
        StringBuilder key = new StringBuilder();
        for (int i = 0;
                key.length() < 5_000_000;
                i++) { // which gzip does not make so small that it is taken for a bomb
            key.append(i);
        }
        String large = "{\"key\":\"" + key + "\"}";

        assertThatThrownBy(() -> call(json("/edges.Edges/Must", large), KEY)).isInstanceOf(BodyTooLargeException.class);
        assertThatThrownBy(() -> call(
                        Requests.of("POST", "/edges.Edges/Must")
                                .body(Body.of(gzipped(large.getBytes(StandardCharsets.UTF_8))))
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", "gzip"),
                        KEY))
                .isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void takesLinesForStreamsAlone() throws Exception {
        String lines = "{\"key\":\"k\"}\n{\"key\":\"l\"}\n";

        Response one =
                call(Requests.post("/edges.Edges/Must", lines).header("Content-Type", "application/x-ndjson"), KEY);
        assertThat(one.status()).isEqualTo(415);
        Response each =
                call(Requests.post("/edges.Edges/Each", lines).header("Content-Type", "application/x-ndjson"), KEY);
        assertThat(each.status()).isEqualTo(200);
    }

    @Test
    void namesRequiredFieldsThatAreNotThere() throws Exception {
        Response outer = call(json("/edges.Edges/Must", "{}"), KEY);
        assertThat(outer.status()).isEqualTo(400);
        assertThat(outer.body().text(10_000)).contains("message-invalid", "required, and not there: key");

        Response inner = call(json("/edges.Edges/Must", "{\"key\":\"k\",\"inner\":{}}"), KEY);
        assertThat(inner.status()).isEqualTo(400);
        assertThat(inner.body().text(10_000)).contains("required, and not there:");
    }

    @Test
    void refusesAnswersThatLackRequiredFields() throws Exception {
        Response one = call(json("/edges.Edges/Must", "{\"key\":\"k\"}"), new byte[0]);
        assertThat(one.status()).isEqualTo(502);
        assertThat(one.body().text(10_000)).contains("grpc-answer-invalid", "requires");

        Response each = call(
                Requests.post("/edges.Edges/Each", "{\"key\":\"k\"}").header("Content-Type", "application/x-ndjson"),
                new byte[0]);
        assertThat(each.body().text(10_000)).startsWith("{\"error\":").contains("grpc-answer-invalid");
    }

    private static Response answerThatEndsWith(IOException failure) throws Exception {
        return answerThatEndsWith(Requests.get("/users/42").build(), failure);
    }

    private static Response answerThatEndsWith(Request request, IOException failure) throws Exception {
        InputStream breaks = new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }
        };
        return filter.handle(
                request,
                _ -> answer(new SequenceInputStream(new ByteArrayInputStream(Frames.framed(new byte[0])), breaks)));
    }

    @Test
    void saysThatTheUpstreamHasFailedWhereAnAnswerBreaksOffOrPauses() {
        assertThatThrownBy(() -> answerThatEndsWith(new SocketTimeoutException("paused")))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        e -> assertThat(e.kind()).isEqualTo(UpstreamException.Kind.RESPONSE_TIMEOUT));
        assertThatThrownBy(() -> answerThatEndsWith(new SocketException("reset")))
                .isInstanceOfSatisfying(
                        UpstreamException.class, e -> assertThat(e.kind()).isEqualTo(UpstreamException.Kind.RESET));
    }

    @Test
    void answers504WhereThePauseIsLongerThanTheClientWaits() throws Exception {
        Request request = Requests.get("/users/42").header("grpc-timeout", "1n").build();

        assertThat(answerThatEndsWith(request, new SocketTimeoutException("paused"))
                        .status())
                .isEqualTo(504);
    }

    @Test
    void tellsWhatIsWrongWithTheRequestWhileItIsAnswered() throws Exception {
        Response response = answerThatEndsWith(BadContentException.json(2, 1, "no value"));

        assertThat(response.status()).isEqualTo(400);
    }

    @Test
    void endsAStreamByAnErrorWhereAMessageOfTheRequestIsBad() throws Exception {
        InputStream breaks = new InputStream() {
            @Override
            public int read() throws IOException {
                throw BadContentException.json(2, 1, "no value");
            }
        };
        InputStream answer = new SequenceInputStream(new ByteArrayInputStream(Frames.framed(KEY)), breaks);

        Response response = filter.handle(
                Requests.post("/edges.Edges/Each", "{\"key\":\"k\"}")
                        .header("Content-Type", "application/x-ndjson")
                        .build(),
                _ -> answer(answer));

        assertThat(response.body().text(10_000))
                .startsWith("{\"key\":\"k\"}\n{\"error\":{")
                .contains("json-invalid");
    }

    @ParameterizedTest
    @CsvSource({"/users/%ff, user_id", "/users/42?text=%FF, text", "/users/42?text=%c3, text"})
    void refusesWhatIsNotUtf8(String path, String parameter) throws Exception {
        Response response = call(Requests.get(path), new byte[0]);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().text(10_000)).contains("parameter " + parameter + ": is not in UTF-8");
    }

    @Test
    void readsUtf8OfPathAndQuery() throws Exception {
        assertThat(call(Requests.get("/users/%C3%A4?text=%C3%a4+b"), new byte[0])
                        .status())
                .isEqualTo(200);

        assertThat(new String(sent, StandardCharsets.UTF_8)).contains("ä", "ä b");
        assertThat(call(Requests.get("/%ff/42"), new byte[0]).status()).isEqualTo(404);
    }

    @Test
    void keepsTheStatusWhereItsDetailsCannotBeWritten() throws Exception {
        Any bad = Any.pack(RetryInfo.newBuilder()
                .setRetryDelay(Duration.newBuilder().setSeconds(1).setNanos(-5))
                .build());
        byte[] details = Status.newBuilder().setCode(14).addDetails(bad).build().toByteArray();
        Headers head = Headers.of(
                "content-type",
                "application/grpc",
                "grpc-status",
                "14",
                "grpc-status-details-bin",
                Base64.getEncoder().encodeToString(details));

        Response response = filter.handle(Requests.get("/users/42").build(), _ -> Response.of(200, head, Body.empty()));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body().text(10_000)).contains("type.googleapis.com/google.rpc.RetryInfo", "\"value\":");
    }

    @Test
    void keepsTheStatusWhereItsDetailsAreNestedTooDeep() {
        Any nested = Any.getDefaultInstance();
        for (int i = 0; i < 500; i++) {
            nested = Any.pack(nested);
        }
        GrpcJsonConfig config = Configs.shop(Unmatched.REFUSE);
        JsonMessages messages = new JsonMessages(
                com.google.protobuf.TypeRegistry.newBuilder()
                        .add(Any.getDescriptor())
                        .build(),
                config);

        assertThat(messages.any(nested)).startsWith("{\"@type\":\"type.googleapis.com/google.protobuf.Any\"");
    }

    @Test
    void takesTheLongestTimeoutThatCanBeWritten() {
        Request request =
                Requests.get("/users/42").header("grpc-timeout", "99999999H").build();
        UpstreamException failure = new UpstreamException(UpstreamException.Kind.CONNECT, "nobody", null);

        assertThatThrownBy(() -> filter.handle(request, _ -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void refusesRawBodiesInACoding() throws Exception {
        Response zipped = call(
                Requests.of("POST", "/raw").body(Body.of(gzipped(KEY))).header("Content-Encoding", "gzip"),
                new byte[0]);
        assertThat(zipped.status()).isEqualTo(415);

        Response plain = call(Requests.post("/raw", "a").header("Content-Encoding", "identity"), new byte[0]);
        assertThat(plain.status()).isEqualTo(200);
    }

    @Test
    void refusesMoreValuesThanFitInMemory() throws Exception {
        String many = "{\"numbers\":[0" + ",0".repeat(250_000) + "]}";
        Response response = call(json("/edges.Edges/Get", many), new byte[0]);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().text(10_000)).contains("more than 250000 values", "\"column\":");
        assertThat(call(json("/edges.Edges/Get", "{\"numbers\":[0" + ",0".repeat(240_000) + "]}"), new byte[0])
                        .status())
                .isEqualTo(200);
    }
}
