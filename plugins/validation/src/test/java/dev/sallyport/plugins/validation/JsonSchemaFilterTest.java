package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonSchemaFilterTest {

    private static final String ANYTHING = "{\"title\": \"anything\"}";

    private static final String ORDER = """
        {"type": "object", "required": ["id", "amount"], "additionalProperties": false,
         "properties": {"id": {"type": "string", "pattern": "^[a-z]+$"}, "amount": {"type": "integer", "minimum": 1},
                        "mail": {"format": "email"}}}
        """;

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void passesABodyThatMatchesOnByteForByte() throws Exception {
        String body = " {\"id\" : \"\\u0061\",\r\n \"amount\":1.0e0 } ";
        FakeNext next = FakeNext.ok();

        Response response =
                JsonSchemas.filter(context, JsonSchemas.request(ORDER)).handle(json(body), next);

        assertThat(response.status()).isEqualTo(200);
        assertThat(next.request().body().text(1_000)).isEqualTo(body);
    }

    @Test
    void tellsAllThatIsWrongAtOnceAndNoValue() throws Exception {
        FakeNext next = FakeNext.ok();

        JsonNode problem =
                refused("{\"id\": \"SECRET\", \"amount\": 0, \"extra\": \"SECRET\", \"mail\": \"SECRET\"}", next);

        assertThat(next.calls()).isZero();
        assertThat(problem.path("type").asString()).isEqualTo("urn:sallyport:problem:request-invalid");
        assertThat(problem.toString()).doesNotContain("SECRET");
        assertThat(problem.path("errors").toString())
                .isEqualTo("[{\"pointer\":\"/id\",\"keyword\":\"pattern\",\"detail\":\"does not match"
                        + " \\\"^[a-z]+$\\\"\"},{\"pointer\":\"/amount\",\"keyword\":\"minimum\",\"detail\":\"is"
                        + " less than 1\"},{\"pointer\":\"/mail\",\"keyword\":\"format\",\"detail\":\"is no"
                        + " email\"},{\"pointer\":\"/extra\",\"keyword\":\"additionalProperties\",\"detail\":\"is"
                        + " not allowed here\"}]");
    }

    @Test
    void namesWhatIsMissing() throws Exception {
        assertThat(refused("{}", FakeNext.ok()).path("errors").toString())
                .isEqualTo("[{\"pointer\":\"\",\"keyword\":\"required\",\"detail\":\"'id' is missing\"},"
                        + "{\"pointer\":\"\",\"keyword\":\"required\",\"detail\":\"'amount' is missing\"}]");
    }

    @Test
    void tellsNoMoreErrorsThanAllowed() throws Exception {
        StringBuilder body = new StringBuilder("[0");
        body.append(",0".repeat(50_000)).append(']');

        Response response = JsonSchemas.filter(context, JsonSchemas.request("{\"items\": {\"type\": \"string\"}}"))
                .handle(json(body.toString()), FakeNext.ok());

        assertThat(problem(response).path("errors")).hasSize(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": \"SECRET | not JSON, at line 1, column 15",
                "{\"id\": SECRET} | not JSON, at line 1, column",
                "{\"id\": \"a\", \"id\": \"b\"} | a key stands twice in one object, at line 1, column",
                "{} {} | not JSON, at line 1, column",
                "NaN | not JSON, at line 1, column",
                "{\"amount\": 1e999999999} | a number with an exponent beyond 400",
                "' ' | not JSON: nothing there"
            })
    void refusesWhatIsNoJsonWithItsPlace(String body, String detail) throws Exception {
        JsonNode problem = refused(body, FakeNext.ok());

        assertThat(problem.path("errors").path(0).path("keyword").asString()).isEqualTo("json");
        assertThat(problem.path("errors").path(0).path("detail").asString()).startsWith(detail);
        assertThat(problem.toString()).doesNotContain("SECRET");
    }

    @Test
    void refusesWhatIsNestedTooDeep() throws Exception {
        JsonNode problem = refused("[".repeat(100_000), FakeNext.ok());

        assertThat(problem.path("errors").path(0).path("detail").asString()).startsWith("nested more than 100 deep");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws Exception {
        Response response = JsonSchemas.filter(context, JsonSchemas.request(ANYTHING))
                .handle(
                        Requests.of("POST", "/")
                                .header("content-type", "application/json")
                                .body(Body.of(new byte[] {'"', (byte) 0xff, '"'}))
                                .build(),
                        FakeNext.ok());

        assertThat(problem(response).path("errors").path(0).path("detail").asString())
                .isEqualTo("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/jsonx",
                "json",
                "application/json; charset=utf-16",
                "a/b, application/json"
            })
    void answers415ForOtherMediaTypes(String type) throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = JsonSchemas.filter(context, JsonSchemas.request(ANYTHING))
                .handle(Requests.post("/", "{}").header("content-type", type).build(), next);

        assertThat(response.status()).isEqualTo(415);
        assertThat(response.header("accept")).isEqualTo("application/json, application/*+json");
        assertThat(next.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/JSON; charset=\"UTF-8\"", "application/merge-patch+json"})
    void checksTheseMediaTypes(String type) throws Exception {
        Response response = JsonSchemas.filter(context, JsonSchemas.request("{\"type\": \"array\"}"))
                .handle(Requests.post("/", "{}").header("content-type", type).build(), FakeNext.ok());

        assertThat(response.status()).isEqualTo(400);
    }

    @Test
    void answers415ForABodyThatIsCompressed() throws Exception {
        Response response = JsonSchemas.filter(context, JsonSchemas.request(ANYTHING))
                .handle(
                        Requests.post("/", "{}")
                                .header("content-type", "application/json")
                                .header("content-encoding", "gzip")
                                .build(),
                        FakeNext.ok());

        assertThat(response.status()).isEqualTo(415);
        assertThat(response.header("accept-encoding")).isEqualTo("identity");
    }

    @Test
    void wantsABodyOfMethodsThatHaveOne() throws Exception {
        FakeNext next = FakeNext.ok();

        Response post = JsonSchemas.filter(context, JsonSchemas.request(ANYTHING))
                .handle(Requests.of("POST", "/").build(), next);
        Response get = JsonSchemas.filter(context, JsonSchemas.request(ANYTHING))
                .handle(Requests.get("/").build(), next);

        assertThat(post.status()).isEqualTo(400);
        assertThat(get.status()).isEqualTo(200);
        assertThat(next.calls()).isEqualTo(1);
    }

    @Test
    void leavesABodyThatIsTooLargeToTheKernel() {
        assertThatExceptionOfType(BodyTooLargeException.class)
                .isThrownBy(() -> JsonSchemas.filter(context, JsonSchemas.request(ANYTHING))
                        .handle(json("\"" + "a".repeat(1 << 20) + "\""), FakeNext.ok()));
    }

    @Test
    void patternsTakeBoundedTime() throws Exception {
        String attack = "\"" + "a".repeat(5_000) + "!\"";

        Response linear = JsonSchemas.filter(context, JsonSchemas.request("{\"pattern\": \"^(a+)+$\"}"))
                .handle(json(attack), FakeNext.ok());
        Response bounded = JsonSchemas.filter(context, JsonSchemas.request("{\"pattern\": \"^(?=(a+)+$)\"}"))
                .handle(json(attack), FakeNext.ok());
        Response negated = JsonSchemas.filter(context, JsonSchemas.request("{\"not\": {\"pattern\": \"^(?=(a+)+$)\"}}"))
                .handle(json(attack), FakeNext.ok());

        assertThat(linear.status()).isEqualTo(400);
        assertThat(problem(bounded).path("errors").path(0).path("keyword").asString())
                .isEqualTo("limit");
        assertThat(negated.status())
                .as("a pattern that was given up is no match for not")
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hostname",
                "json-pointer",
                "uri-template",
                "email",
                "idn-email",
                "uri",
                "iri",
                "duration",
                "date-time",
                "idn-hostname",
                "ipv6",
                "regex"
            })
    void formatsTakeBoundedTimeAndStack(String format) throws Exception {
        for (String part : new String[] {"a.", "/a~0", "{a}", "a", "[", "(", "9", "%41", "::", "P1Y", "a@"}) {
            Response response = JsonSchemas.filter(context, JsonSchemas.request("{\"format\": \"" + format + "\"}"))
                    .handle(json("\"" + part.repeat(200_000 / part.length()) + "!\""), FakeNext.ok());

            assertThat(response.status()).as(format + " of " + part).isEqualTo(400);
        }
    }

    @Test
    void aSchemaThatGoesOnWithoutEndIsGivenUp() throws Exception {
        Response response = JsonSchemas.filter(
                        context,
                        JsonSchemas.request(
                                "{\"$defs\": {\"a\": {\"anyOf\": [{\"items\": {\"$ref\": \"#/$defs/a\"}, \"type\":"
                                    + " \"object\"}, {\"items\": {\"$ref\": \"#/$defs/a\"}, \"type\": \"string\"}]}},"
                                    + " \"$ref\": \"#/$defs/a\"}"))
                .handle(json("[".repeat(90) + "]".repeat(90)), FakeNext.ok());

        assertThat(problem(response).path("errors").toString()).contains("limit", "too many steps");
    }

    @Test
    void explainsWhatIsWrong() throws Exception {
        assertThat(JsonSchemas.filter(context, JsonSchemas.request(ORDER)).explain(json("{}")))
                .isEqualTo(new Explanation.Answers(400, "The request is not valid"));
    }

    @Test
    void holdsBackAResponseThatDoesNotMatch() throws Exception {
        TrackedBody body = TrackedBody.of("{\"id\": 1}");
        FakeExchange exchange = FakeExchange.create();

        Response response = JsonSchemas.filter(context, JsonSchemas.response(ORDER))
                .handle(
                        Requests.get("/").exchange(exchange).build(),
                        FakeNext.answering(
                                request -> Response.of(200, Headers.of("content-type", "application/json"), body)));

        assertThat(response.status()).isEqualTo(502);
        assertThat(problem(response).path("type").asString()).isEqualTo("urn:sallyport:problem:response-invalid");
        assertThat(exchange.notes().get("violations").toString()).contains("/id is integer (expected: string)");
        assertThat(body.isClosed()).isTrue();
    }

    @Test
    void passesAResponseThatMatchesOnByteForByteAndAsksForNoCompression() throws Exception {
        FakeNext next = FakeNext.answering(request -> Response.of(
                200,
                Headers.of("content-type", "application/json", "etag", "\"1\""),
                TrackedBody.of(" {\"id\":\"a\",\"amount\":1} ")));

        Response response = JsonSchemas.filter(context, JsonSchemas.response(ORDER))
                .handle(Requests.get("/").header("accept-encoding", "gzip").build(), next);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("etag")).isEqualTo("\"1\"");
        assertThat(response.body().text(100)).isEqualTo(" {\"id\":\"a\",\"amount\":1} ");
        assertThat(next.request().headers().all("accept-encoding")).containsExactly("identity");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 301, 404, 500})
    void leavesResponsesThatAreNoWholeSuccessAlone(int status) throws Exception {
        TrackedBody body = TrackedBody.of("x");

        Response response = JsonSchemas.filter(context, JsonSchemas.response(ORDER))
                .handle(
                        Requests.get("/").build(),
                        FakeNext.answering(request -> Response.of(status, Headers.empty(), body)));

        assertThat(response.status()).isEqualTo(status);
        assertThat(body.isUntouched()).isTrue();
    }

    @Test
    void readsAFileAgainOnceItHasChangedAndKeepsTheOldOneWhereItIsBroken() throws Exception {
        Path file = write("{\"type\": \"object\"}");
        var filter = JsonSchemas.filter(context, JsonSchemas.file(file));
        assertThat(filter.handle(json("{}"), FakeNext.ok()).status()).isEqualTo(200);

        write("{\"type\": \"array\", \"items\": {}}");
        Awaitility.await().until(() -> filter.handle(json("{}"), FakeNext.ok()).status() == 400);
        write("{\"type\": ");
        Awaitility.await().until(() -> !filter.state().isEmpty());

        assertThat(filter.handle(json("[]"), FakeNext.ok()).status()).isEqualTo(200);
        assertThat(filter.state().get("files").toString()).contains("not JSON");
    }

    private Path write(String schema) throws IOException {
        return Files.writeString(folder.resolve("schema.json"), schema);
    }

    private JsonNode refused(String body, FakeNext next) throws Exception {
        Response response =
                JsonSchemas.filter(context, JsonSchemas.request(ORDER)).handle(json(body), next);

        assertThat(response.status()).isEqualTo(400);
        return problem(response);
    }

    private static JsonNode problem(Response response) throws IOException {
        return JsonMapper.shared().readTree(response.body().text(100_000));
    }

    private static Request json(String body) {
        return Requests.post("/", body)
                .header("content-type", "application/json")
                .build();
    }
}
