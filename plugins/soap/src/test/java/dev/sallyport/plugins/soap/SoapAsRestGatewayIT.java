package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service of Apache CXF, called with JSON through the gateway. */
final class SoapAsRestGatewayIT {

    private final OrderServer server = OrderServer.start();
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = start(MarkdownPage.examples().getFirst(), server);
    }

    private static TestGateway start(String example, OrderServer server) {
        return TestGateway.with(TestGateway.builtJar())
                .file("orders.wsdl", server.wsdl())
                .start(example.replace("http://127.0.0.1:9001", server.target()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    private HttpResponse<String> send(String method, String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.address().resolve(path))
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (!json.isEmpty()) {
            request.header("content-type", "application/json");
        }
        return gateway.send(request.build());
    }

    @Test
    void answersJsonOfTypesThatTheSchemaSays() {
        HttpResponse<String> response = gateway.get("/api/orders/42");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body())
                .isEqualTo("{\"@xsi:type\":\"express\",\"@id\":\"42\",\"customer\":\"Ünïcode & Söhne\",\"note\":null,"
                        + "\"paid\":false,\"total\":1.10,\"line\":[{\"sku\":\"AB-1\",\"amount\":2}],\"hours\":4}");
    }

    @Test
    void takesQueriesAndAnswersArraysAlsoOfOne() {
        assertThat(gateway.get("/api/orders?customer=A%20B&limit=1").body())
                .isEqualTo("[{\"@id\":\"1\",\"customer\":\"A B\",\"note\":\"n1\",\"paid\":false}]");
        assertThat(gateway.get("/api/orders?customer=A&limit=2").body()).contains("\"@id\":\"2\"");
        assertThat(gateway.get("/api/orders?customer=A&limit=two").body())
                .contains("json-mismatch", "/limit: a text (expected: a whole number from -2147483648 to 2147483647)")
                .doesNotContain("two");
    }

    @Test
    void sendsHeadersNullsAndDerivedTypes() {
        HttpResponse<String> response = send(
                "POST",
                "/api/orders",
                "{\"#headers\":{\"session\":\"s1\"},\"order\":{\"@xsi:type\":\"express\",\"@id\":\"9\",\"customer\":\"c\","
                    + "\"note\":null,\"paid\":true,\"total\":12345678901234567890.5,"
                    + "\"line\":{\"sku\":\"x\",\"amount\":1},\"hours\":1}}");

        assertThat(response.body()).isEqualTo("{\"id\":\"43\"}");
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(server.told()).containsExactly("s1 Express 9 12345678901234567890.5 null 1");
    }

    @Test
    void answersFaultsAsProblems() {
        HttpResponse<String> missing = gateway.get("/api/orders/7");
        HttpResponse<String> crashed = gateway.get("/api/orders/crash");

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(missing.body())
                .contains("\"type\":\"urn:sallyport:problem:soap-fault\"", "\"detail\":\"no such order\"")
                .contains("\"fault\":{")
                .contains("\"detail\":{\"orderMissing\":{\"id\":\"7\"}}");
        assertThat(crashed.statusCode()).isEqualTo(502);
        assertThat(crashed.body()).contains("out of order", "\"code\":\"Server\"");
    }

    @Test
    void answers202ToOneWayOperations() {
        assertThat(send("POST", "/api/touch", "{\"id\":\"5\"}").statusCode()).isEqualTo(202);
        Awaitility.await().until(() -> server.told().contains("touched 5"));
    }

    @Test
    void refusesWhatIsNotAsTheSchemaSays() {
        assertThat(send("POST", "/api/orders", "{\"order\":{\"@id\":\"1\",\"custmer\":\"x\"}}")
                        .body())
                .contains("\"pointer\":\"/order\"", "it lacks customer (expected: it is there)");
        assertThat(send(
                                "POST",
                                "/api/orders",
                                "{\"order\":{\"@id\":\"1\",\"customer\":\"x\",\"note\":\"\",\"paid\":1}}")
                        .body())
                .contains("\"pointer\":\"/order/paid\"", "a number (expected: true or false)");
        assertThat(send("POST", "/api/orders", "{\"ordr\":1}").body()).contains("\"pointer\":\"/ordr\"");
        assertThat(send("POST", "/api/orders", "{\"order\":").body()).contains("json-invalid", "\"line\":1");
        assertThat(send("DELETE", "/api/orders/1", "").headers().firstValue("allow"))
                .hasValue("GET");
        assertThat(send("GET", "/api/other", "").statusCode()).isEqualTo(404);
        assertThat(server.told()).isEmpty();
    }

    @Test
    void servesADescriptionOfItself() {
        JsonNode document =
                JsonMapper.shared().readTree(gateway.get("/api/openapi.json").body());

        assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
        assertThat(document.at("/paths/~1api~1orders~1{id}/get/operationId").asString())
                .isEqualTo("getOrder");
        assertThat(document.at("/components/schemas/order/properties/line/type").asString())
                .isEqualTo("array");
        assertThat(document.at("/components/schemas/order/properties/paid/type").asString())
                .isEqualTo("boolean");
    }

    @Test
    void speaksSoap12WhereTheWsdlDoes() {
        try (OrderServer newer = OrderServer.startWithSoap12();
                TestGateway other = start(MarkdownPage.examples().getFirst(), newer)) {
            assertThat(other.get("/api/orders/42").body()).contains("\"customer\":\"Ünïcode & Söhne\"");
            assertThat(other.get("/api/orders/7").statusCode()).isEqualTo(404);
            assertThat(other.get("/api/orders/7").body()).contains("\"orderMissing\":{\"id\":\"7\"}");
            assertThat(other.steps()).contains("\"soap\":\"1.2\"");
        }
    }

    @Test
    void takesAChangedWsdlWithoutAReload() throws IOException {
        Path wsdl = gateway.home().resolve("orders.wsdl");
        String text = Files.readString(wsdl);
        Files.writeString(wsdl, "<no");
        gateway.await("the failure", () -> gateway.steps().contains("\"failure\""));
        assertThat(gateway.get("/api/orders/42").statusCode()).isEqualTo(200);

        Files.writeString(
                wsdl, text.replace("name=\"total\" type=\"xs:decimal\"", "name=\"total\" type=\"xs:string\""));

        gateway.await("the new WSDL", () -> gateway.get("/api/orders/42").body().contains("\"total\":\"1.10\""));
    }

    /** The requests and answers of the guide, in turn. */
    @ParameterizedTest
    @ValueSource(strings = "../../docs/guides/soap-as-rest.md")
    void servesTheGuide(String page) {
        MarkdownPage guide = MarkdownPage.read(Path.of(page));
        try (TestGateway told = start(guide.yaml().getFirst().text(), server)) {
            GuideSteps.run(told, guide);
        }
    }

    @Test
    void answersAsItsPageShows() {
        assertThat(List.of(MarkdownPage.examples().size())).containsExactly(2);
        assertThat(gateway.explain("{\"method\":\"GET\",\"url\":\"/api/orders/42\"}"))
                .contains("/services/orders");
    }
}
