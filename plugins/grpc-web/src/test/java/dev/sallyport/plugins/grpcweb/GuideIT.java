package dev.sallyport.plugins.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.MarkdownPage.Fence;
import dev.sallyport.testgateway.TestGateway;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the pages promise: the guide's requests get its answers, and the examples of the README serve. */
final class GuideIT {

    private static final MarkdownPage GUIDE = MarkdownPage.read(Path.of("../../docs/guides/grpc-web.md"));

    private static TestGateway gateway(GrpcServer server, String yaml) {
        return TestGateway.with(TestGateway.builtJar())
                .and(TestGateway.builtJar(Path.of("../cors")))
                .start(yaml.replace("http://127.0.0.1:9001", server.address()));
    }

    @Test
    void theRequestsOfTheGuideGetItsAnswers() throws Exception {
        List<Fence> told = GUIDE.fences().stream()
                .filter(fence -> fence.language().equals("http"))
                .toList();
        try (GrpcServer server = GrpcServer.start();
                TestGateway gateway = gateway(server, GUIDE.yaml().getFirst().text())) {
            assertThat(told).hasSize(6);
            for (int i = 0; i < told.size(); i += 2) {
                meets(gateway, told.get(i), told.get(i + 1).text());
            }
        }
    }

    private static void meets(TestGateway gateway, Fence asked, String expected) {
        String[] request = asked.text().split("\n\n", 2);
        List<String> head = request[0].strip().lines().toList();
        String[] first = head.getFirst().split(" ", -1);
        String body = request.length > 1 ? request[1].stripTrailing() : "";
        HttpRequest.Builder sent = HttpRequest.newBuilder(gateway.address().resolve(first[1]))
                .method(first[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
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
        assertThat(response.body().strip().replaceAll("\"requestId\":\"[^\"]*\"", "\"requestId\":\"…\""))
                .as("line %d", asked.line())
                .isEqualTo(answer[1].strip());
    }

    @Test
    void theExampleOfThePageServes() throws Exception {
        try (GrpcServer server = GrpcServer.start();
                TestGateway gateway = gateway(server, MarkdownPage.examples().getFirst())) {
            HttpResponse<String> asked = gateway.send(
                    HttpRequest.newBuilder(gateway.address().resolve("/grpc.testing.TestService/EmptyCall"))
                            .header("Origin", "https://shop.example.com")
                            .header("Access-Control-Request-Method", "POST")
                            .header("Access-Control-Request-Headers", "content-type,x-grpc-web")
                            .method("OPTIONS", BodyPublishers.noBody())
                            .build());

            assertThat(asked.statusCode()).isEqualTo(204);
            assertThat(asked.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://shop.example.com");
        }
    }
}
