package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.validation.OpenApiConfig.Mode;
import dev.sallyport.plugins.validation.OpenApiConfig.Unknown;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class OpenApiFilterTest {

    private static final String DOCUMENT = """
        openapi: 3.0.3
        info: {title: shop, version: "1"}
        servers: [{url: "https://api.example.com/v1"}, {url: "https://{region}.example.com/{stage}/v1"}]
        paths:
          /orders/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: integer, format: int32}}]
            get:
              parameters:
                - {name: expand, in: query, schema: {type: array, items: {type: string, enum: [lines, customer]}}}
                - {name: X-Trace, in: header, required: true, schema: {type: string, pattern: "^[0-9a-f]+$"}}
                - {name: visits, in: cookie, schema: {type: integer}}
                - {name: Authorization, in: header, required: true, schema: {type: integer}}
              responses:
                "200":
                  headers: {X-Rate: {required: true, schema: {type: integer}}}
                  content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
                4XX: {content: {application/problem+json: {schema: {type: object}}}}
            put:
              requestBody:
                required: true
                content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
              responses: {default: {description: any}}
          /orders/mine:
            get: {parameters: [{name: page, in: query, required: true, schema: {type: integer}}], responses: {}}
          /reports/{name}.{format}:
            get:
              parameters:
                - {name: name, in: path, required: true, schema: {type: string}}
                - {name: format, in: path, required: true, schema: {enum: [csv, pdf]}}
              responses: {}
          /search:
            get:
              parameters:
                - {name: plain, in: query, explode: false, schema: {type: array, items: {type: integer}}}
                - {name: space, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: integer}}}
                - {name: pipe, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
                - {name: deep, in: query, style: deepObject, schema: {type: object, additionalProperties: false, properties: {from: {type: integer}, tags: {type: array, items: {type: string}}, in: {type: object, properties: {x: {type: boolean}}}}}}
                - {name: spread, in: query, schema: {type: object, additionalProperties: false, properties: {r: {type: integer}, g: {type: integer}}}}
                - {name: pairs, in: query, explode: false, schema: {type: object, properties: {a: {type: integer}}}}
                - {name: flag, in: query, allowEmptyValue: true, schema: {type: boolean}}
                - {name: json, in: query, content: {application/json: {schema: {type: object, required: [a]}}}}
                - {name: one, in: query, schema: {type: integer, nullable: true}}
                - {name: either, in: query, schema: {anyOf: [{type: integer, minimum: 5}, {type: string, pattern: "^[a-z]+$"}]}}
              responses: {}
          /orders/{order}:
            delete:
              parameters: [{name: order, in: path, required: true, schema: {type: string, maxLength: 3}}]
              responses: {}
          /matrix/{m}/label/{l}/simple/{s}:
            get:
              parameters:
                - {name: m, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: integer}}}
                - {name: l, in: path, required: true, style: label, schema: {type: array, items: {type: integer}}}
                - {name: s, in: path, required: true, explode: true, schema: {type: object, properties: {a: {type: integer}}}}
              responses: {}
          /forms:
            post:
              requestBody:
                content:
                  application/x-www-form-urlencoded:
                    schema: {type: object, required: [name], additionalProperties: false, properties: {name: {type: string}, ages: {type: array, items: {type: integer}}, at: {type: object, properties: {x: {type: integer}}}}}
                    encoding: {at: {style: deepObject}}
                  multipart/form-data:
                    schema: {type: object, required: [meta, file], properties: {meta: {type: object, required: [a]}, count: {type: integer}, file: {type: string, format: binary, maxLength: 5}}}
                    encoding: {file: {contentType: "image/png, image/gif"}}
                  text/*: {schema: {type: string, maxLength: 3}}
              responses: {}
        components:
          schemas:
            Order:
              type: object
              required: [id, secret, amount]
              properties:
                id: {type: integer, readOnly: true}
                secret: {type: string, writeOnly: true}
                amount: {type: integer, minimum: 1, exclusiveMinimum: true}
                note: {type: string, nullable: true, readOnly: false}
                pet: {$ref: "#/components/schemas/Pet"}
            Pet:
              oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
              discriminator: {propertyName: kind, mapping: {cat: "#/components/schemas/Cat", dog: "#/components/schemas/Dog"}}
            Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer}}}
            Dog: {type: object, required: [kind, owner], properties: {kind: {type: string}, owner: {$ref: "#/components/schemas/Order"}}}
        """;

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();
    private Path document;
    private Filter filter;

    @BeforeEach
    void write() throws IOException {
        document = Files.writeString(folder.resolve("api.yaml"), DOCUMENT);
        filter = OpenApis.filter(context, OpenApis.requests(document));
    }

    @AfterEach
    void closeContext() {
        context.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/orders/mine?page=1 | 200",
                "/eu/v1/orders/mine?page=1 | 200",
                "/test/v1/orders/mine?page=1 | 200",
                "/orders/mine?page=1 | 404",
                "/v1/orders/mine/ | 404",
                "/v1/orders | 404",
                "/v1/orders/mine | 400",
                "/v1/reports/a.b.csv | 200",
                "/v1/reports/a.txt | 400",
                "/v1/search?plain=1,2 | 200",
                "/v1/search?plain=1,a | 400",
                "/v1/search?space=1%202 | 200",
                "/v1/search?space=1%20a | 400",
                "/v1/search?pipe=1%7C2 | 200",
                "/v1/search?pipe=1%7Ca | 400",
                "/v1/search?deep[from]=1&deep[tags][]=a&deep[tags][]=b&deep[in][x]=true | 200",
                "/v1/search?deep%5Bfrom%5D=1 | 200",
                "/v1/search?deep[from]=x | 400",
                "/v1/search?deep[other]=1 | 400",
                "/v1/search?deep[from]=1&deep[from]=2 | 400",
                "/v1/search?r=1&g=2 | 200",
                "/v1/search?r=1&g=x | 400",
                "/v1/search?pairs=a,1,b,2 | 200",
                "/v1/search?pairs=a,x | 400",
                "/v1/search?pairs=a | 400",
                "/v1/search?flag= | 200",
                "/v1/search?flag=true | 200",
                "/v1/search?flag=yes | 400",
                "/v1/search?json=%7B%22a%22:1%7D | 200",
                "/v1/search?json=%7B%7D | 400",
                "/v1/search?json=x | 400",
                "/v1/search?one=1 | 200",
                "/v1/search?one= | 200",
                "/v1/search?one=1&one=2 | 400",
                "/v1/search?one=1.5 | 400",
                "/v1/search?either=7 | 200",
                "/v1/search?either=3 | 400",
                "/v1/search?either=abc | 200",
                "/v1/search?unknown=1 | 400",
                "/v1/matrix/;m=1;m=2/label/.1,2/simple/a=1 | 200",
                "/v1/matrix/;m=1;m=x/label/.1,2/simple/a=1 | 400",
                "/v1/matrix/1/label/.1,2/simple/a=1 | 400",
                "/v1/matrix/;m=1/label/1/simple/a=1 | 400",
                "/v1/matrix/;m=1/label/.1,x/simple/a=1 | 400",
                "/v1/matrix/;m=1/label/.1/simple/a=x | 400"
            })
    void judgesPathsAndQueries(String target, int status) throws Exception {
        assertThat(filter.handle(Requests.get(target.replace("|", "%7C")).build(), FakeNext.ok())
                        .status())
                .isEqualTo(status);
    }

    @Test
    void tellsAllThatIsWrongWithAllPartsAtOnce() throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = filter.handle(
                Requests.get("/v1/orders/SECRET?expand=lines&expand=SECRET")
                        .header("x-trace", "SECRET")
                        .header("cookie", "a=b; visits=SECRET")
                        .build(),
                next);

        assertThat(response.status()).isEqualTo(400);
        assertThat(next.calls()).isZero();
        assertThat(errors(response))
                .isEqualTo("[{\"in\":\"path\",\"name\":\"id\",\"pointer\":\"\",\"keyword\":\"type\",\"detail\":\"is"
                               + " string (expected:"
                               + " integer)\"},{\"in\":\"query\",\"name\":\"expand\",\"pointer\":\"/1\",\"keyword\":\"enum\",\"detail\":\"is"
                               + " none of"
                               + " [\\\"lines\\\",\\\"customer\\\"]\"},{\"in\":\"header\",\"name\":\"X-Trace\",\"pointer\":\"\",\"keyword\":\"pattern\",\"detail\":\"does"
                               + " not match"
                               + " \\\"^[0-9a-f]+$\\\"\"},{\"in\":\"cookie\",\"name\":\"visits\",\"pointer\":\"\",\"keyword\":\"type\",\"detail\":\"is"
                               + " string (expected: integer)\"}]");
    }

    @Test
    void namesAHeaderThatIsMissingAndANumberThatIsTooLarge() throws Exception {
        assertThat(errors(filter.handle(Requests.get("/v1/orders/3000000000").build(), FakeNext.ok())))
                .contains("\"in\":\"path\",\"name\":\"id\",\"pointer\":\"\",\"keyword\":\"format\",\"detail\":\"is no"
                        + " int32\"")
                .contains("\"in\":\"header\",\"name\":\"X-Trace\",\"pointer\":\"\",\"keyword\":\"required\"");
    }

    @Test
    void answers405WithAllow() throws Exception {
        Response response = filter.handle(Requests.of("PATCH", "/v1/orders/1").build(), FakeNext.ok());

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.header("allow")).isEqualTo("DELETE, GET, PUT");
    }

    @Test
    void takesPathsThatDifferInNamesOfParametersAloneForOne() throws Exception {
        assertThat(filter.handle(Requests.of("DELETE", "/v1/orders/abc").build(), FakeNext.ok())
                        .status())
                .isEqualTo(200);
        assertThat(errors(filter.handle(Requests.of("DELETE", "/v1/orders/abcd").build(), FakeNext.ok())))
                .contains("\"name\":\"order\"");
    }

    @Test
    void takesHeadForGet() throws Exception {
        assertThat(filter.handle(Requests.of("HEAD", "/v1/orders/mine?page=1").build(), FakeNext.ok())
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "{\"amount\": 2, \"secret\": \"s\", \"note\": null} | ",
                "{\"amount\": 1, \"secret\": \"s\"} | /amount minimum",
                "{\"amount\": 2, \"secret\": \"s\", \"id\": 1} | /id readOnly",
                "{\"amount\": 2} | required",
                "{\"amount\": 2, \"secret\": \"s\", \"pet\": {\"kind\": \"cat\", \"lives\": 9}} | ",
                "{\"amount\": 2, \"secret\": \"s\", \"pet\": {\"kind\": \"cat\", \"lives\": \"x\"}} | /pet/lives type",
                "{\"amount\": 2, \"secret\": \"s\", \"pet\": {\"kind\": \"cow\", \"lives\": 1}} | /pet",
                "{\"amount\": 2, \"secret\": \"s\", \"pet\": {\"kind\": \"dog\", \"owner\": {\"amount\": 0,"
                        + " \"secret\": \"\"}}} | /pet/owner/amount minimum",
                "{ | json"
            })
    void judgesJsonBodies(String body, String error) throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = filter.handle(
                Requests.post("/v1/orders/1", body)
                        .header("content-type", "application/json")
                        .build()
                        .withMethod("PUT"),
                next);

        if (error == null) {
            assertThat(response.status()).as(response.body().text(1_000)).isEqualTo(200);
            assertThat(next.request().body().text(1_000)).isEqualTo(body);
        } else {
            assertThat(response.status()).isEqualTo(400);
            for (String part : error.split(" ")) {
                assertThat(errors(response)).contains("\"in\":\"body\"").contains("\"" + part + "\"");
            }
        }
    }

    @Test
    void wantsABodyOfOneOfTheMediaTypes() throws Exception {
        Response none = filter.handle(Requests.of("PUT", "/v1/orders/1").build(), FakeNext.ok());
        Response other = filter.handle(
                Requests.post("/v1/orders/1", "a")
                        .header("content-type", "text/csv")
                        .build()
                        .withMethod("PUT"),
                FakeNext.ok());

        assertThat(none.status()).isEqualTo(400);
        assertThat(errors(none)).contains("\"in\":\"body\"").contains("\"required\"");
        assertThat(other.status()).isEqualTo(415);
        assertThat(other.header("accept")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=a&ages=1&ages=2&at[x]=1 | 200",
                "name=a%26b | 200",
                "ages=1 | 400",
                "name=a&ages=x | 400",
                "name=a&at[x]=y | 400",
                "name=a&other=1 | 400",
                "name=a&name=b | 400"
            })
    void judgesForms(String form, int status) throws Exception {
        assertThat(filter.handle(
                                Requests.post("/v1/forms", form)
                                        .header("content-type", "application/x-www-form-urlencoded")
                                        .build(),
                                FakeNext.ok())
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "{\"a\": 1} | 1 | image/png | abc | 200",
                "{} | 1 | image/png | abc | 400",
                "{\"a\": 1} | x | image/png | abc | 400",
                "{\"a\": 1} | 1 | text/html | abc | 400",
                "{\"a\": 1} | 1 | image/gif | abcdef | 400",
                "{\"a\" | 1 | image/gif | abc | 400"
            })
    void judgesMultipartBodies(String meta, String count, String type, String file, int status) throws Exception {
        String body =
                "--b\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n" + meta
                        + "\r\n--b\r\nContent-Disposition: form-data; name=count\r\n\r\n" + count
                        + "\r\n"
                        + "--b\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\"a;b.png\"\r\n"
                        + "Content-Type: "
                        + type
                        + "\r\n\r\n" + file + "\r\n--b--\r\n";

        assertThat(filter.handle(
                                Requests.post("/v1/forms", body)
                                        .header("content-type", "multipart/form-data; boundary=\"b\"")
                                        .build(),
                                FakeNext.ok())
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"abc,200", "abcd,400"})
    void judgesTextByTheClosestRange(String text, int status) throws Exception {
        assertThat(filter.handle(
                                Requests.post("/v1/forms", text)
                                        .header("content-type", "text/plain")
                                        .build(),
                                FakeNext.ok())
                        .status())
                .isEqualTo(status);
    }

    @Test
    void reportsOnlyWhereThatIsAskedFor() throws Exception {
        FakeExchange exchange = FakeExchange.create();
        Filter reports = OpenApis.filter(context, OpenApis.of(document, Mode.REPORT, Mode.OFF, Unknown.PASS));
        byte[] large = ("\"" + "a".repeat(200_000) + "\"").getBytes(StandardCharsets.UTF_8);
        FakeNext next = FakeNext.ok();

        Response response = reports.handle(
                Requests.of("PUT", "/v1/orders/x")
                        .header("content-type", "application/json")
                        .body(Body.of(new java.io.ByteArrayInputStream(large), -1))
                        .exchange(exchange)
                        .build(),
                next);

        assertThat(response.status()).isEqualTo(200);
        assertThat(next.request().body().text(1_000_000)).hasSize(large.length);
        assertThat(exchange.notes().get("violations").toString()).contains("path id", "larger than 100000 bytes");
    }

    @Test
    void passesWhatIsUnknownOnWhereThatIsAskedFor() throws Exception {
        Filter passes = OpenApis.filter(context, OpenApis.of(document, Mode.ENFORCE, Mode.OFF, Unknown.PASS));

        for (Request request : new Request[] {
            Requests.get("/other").build(),
            Requests.of("PATCH", "/v1/orders/1").build(),
            Requests.get("/v1/search?unknown=1").build()
        }) {
            assertThat(passes.handle(request, FakeNext.ok()).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "200 | 5 | application/json | {\"id\": 1, \"amount\": 2} | 200",
                "200 | 5 | application/json | {\"id\": 1, \"amount\": 2, \"secret\": \"s\"} | 502",
                "200 | 5 | application/json | {\"amount\": 2} | 502",
                "200 | x | application/json | {\"id\": 1, \"amount\": 2} | 502",
                "200 | 5 | text/html | {\"id\": 1, \"amount\": 2} | 502",
                "404 | 5 | application/problem+json | {} | 404",
                "404 | 5 | application/problem+json | [] | 502",
                "500 | 5 | application/json | {} | 502"
            })
    void judgesResponses(int status, String rate, String type, String body, int expected) throws Exception {
        Filter responses = OpenApis.filter(context, OpenApis.of(document, Mode.OFF, Mode.ENFORCE, Unknown.PASS));
        TrackedBody sent = TrackedBody.of(body);

        Response response = responses.handle(
                Requests.get("/v1/orders/1").build(),
                FakeNext.answering(
                        request -> Response.of(status, Headers.of("content-type", type, "x-rate", rate), sent)));

        assertThat(response.status()).isEqualTo(expected);
        assertThat(sent.isClosed()).isTrue();
        assertThat(response.body().text(1_000)).contains(expected == 502 ? "response-invalid" : body);
    }

    private static String errors(Response response) throws IOException {
        return JsonMapper.shared()
                .readTree(response.body().text(100_000))
                .path("errors")
                .toString();
    }
}
