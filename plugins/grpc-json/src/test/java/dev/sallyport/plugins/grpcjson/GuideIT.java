package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.MarkdownPage.Fence;
import dev.sallyport.testgateway.TestGateway;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the pages promise: the guide's requests get its answers, and the examples of the README serve. */
final class GuideIT {

    private static final MarkdownPage GUIDE = MarkdownPage.read(Path.of("../../docs/guides/grpc-json.md"));
    private static final Path PROTO = Path.of("src/test/resources/shop/v1/orders.proto");

    private static TestGateway gateway(GrpcServer server, String yaml) throws Exception {
        return TestGateway.with(TestGateway.builtJar())
                .file("protos/shop/v1/orders.proto", Files.readString(PROTO))
                .start(yaml.replace("http://127.0.0.1:9001", server.address()));
    }

    @Test
    void theRequestsOfTheGuideGetItsAnswers() throws Exception {
        List<Fence> told = GUIDE.fences().stream()
                .filter(fence -> fence.language().equals("http"))
                .toList();
        try (GrpcServer server = GrpcServer.start();
                TestGateway gateway = gateway(server, GUIDE.yaml().getFirst().text())) {
            assertThat(told).hasSizeGreaterThan(16);
            for (int i = 0; i < told.size(); i += 2) {
                meets(gateway, told.get(i), told.get(i + 1).text());
            }
        }
    }

    private static void meets(TestGateway gateway, Fence asked, String expected) {
        String[] request = asked.text().split("\n\n", 2);
        List<String> head = request[0].strip().lines().toList();
        String[] first = head.getFirst().split(" ", -1);
        String sentBody = request.length > 1 ? request[1].stripTrailing() : "";
        HttpRequest.Builder sent = HttpRequest.newBuilder(gateway.address().resolve(first[1]))
                .method(first[0], sentBody.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(sentBody));
        head.stream().skip(1).forEach(line -> sent.header(line.split(": ", 2)[0], line.split(": ", 2)[1]));

        HttpResponse<String> response = gateway.send(sent.build());

        String[] answer = expected.split("\n\n", 2);
        assertThat("HTTP/1.1 " + response.statusCode())
                .as("line %d", asked.line())
                .isEqualTo(answer[0].lines().findFirst().orElseThrow());
        answer[0]
                .lines()
                .skip(1)
                .forEach(line -> assertThat(response.headers().firstValue(line.split(": ", 2)[0]))
                        .as("line %d", asked.line())
                        .hasValue(line.split(": ", 2)[1]));
        String body = response.body().strip().replaceAll("\"requestId\":\"[^\"]*\"", "\"requestId\":\"…\"");
        if (answer[0].contains("problem+json")) { // whose members have no order
            assertThat(JsonParser.parseString(body))
                    .as("line %d", asked.line())
                    .isEqualTo(JsonParser.parseString(answer[1]));
        } else {
            assertThat(body).as("line %d", asked.line()).isEqualTo(answer[1].strip());
        }
    }

    @Test
    void theServiceOfTheGuideIsTheOneThatIsCalled() throws Exception {
        List<String> lines = Files.readAllLines(PROTO);

        assertThat(GUIDE.fences().stream()
                        .filter(fence -> fence.language().equals("proto"))
                        .findFirst()
                        .orElseThrow()
                        .text()
                        .lines())
                .isNotEmpty()
                .isSubsetOf(lines);
    }

    @Test
    void theExamplesOfThePageServe() throws Exception {
        List<String> examples = MarkdownPage.examples();
        try (GrpcServer server = GrpcServer.start()) {
            try (TestGateway gateway = gateway(server, examples.getFirst())) {
                assertThat(gateway.get("/v1/customers/1/orders/2?key=secret").statusCode())
                        .isEqualTo(200);
            }
            try (TestGateway gateway = gateway(server, examples.get(1))) {
                HttpResponse<String> response = gateway.send(
                        HttpRequest.newBuilder(gateway.address().resolve("/rpc/shop.v1.Orders/CreateOrder"))
                                .POST(BodyPublishers.ofString("{\"order\":{\"name\":\"a\"}}"))
                                .build());
                assertThat(response.body())
                        .isEqualTo("{\"name\":\"a\",\"status\":\"STATUS_UNSPECIFIED\",\"items\":[],\"signature\":\"\","
                                + "\"labels\":{},\"totalCents\":\"0\"}");
                assertThat(gateway.get("/rpc/v1/customers/1/orders/2").statusCode())
                        .isEqualTo(404);
            }
        }
    }
}
