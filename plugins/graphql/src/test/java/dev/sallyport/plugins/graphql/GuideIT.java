package dev.sallyport.plugins.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.MarkdownPage.Fence;
import dev.sallyport.testgateway.TestGateway;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/guides/graphql.md shows: each request, and the answer below it. */
@Timeout(60)
final class GuideIT {

    @Test
    void itsRequestsAreAnsweredAsItSays() throws Exception {
        List<Fence> fences =
                MarkdownPage.read(Path.of("../../docs/guides/graphql.md")).fences();
        int asked = 0;
        try (Server server = new Server();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .and(TestGateway.builtJar(Path.of("../rate-limit")))
                        .file("schema.graphql", Server.SDL)
                        .start(fences.getFirst().text().replace("http://127.0.0.1:9001", server.address()))) {
            assertThat(fences.get(1).text()).as("the schema").isEqualTo(Server.SDL);
            for (int i = 0; i < fences.size(); i++) {
                if (fences.get(i).language().equals("request")) {
                    String answer = gateway.send(
                                    request(gateway.address(), fences.get(i).text()))
                            .body();

                    assertThat(answer.replaceAll("\"requestId\":\"[^\"]*\"", "\"requestId\":\"…\""))
                            .isEqualTo(fences.get(i + 1).text().strip());
                    asked++;
                }
            }
        }
        assertThat(asked).isEqualTo(5);
    }

    private static HttpRequest request(URI gateway, String text) {
        String[] lines = text.split("\n", 2);
        String method = lines[0].substring(0, lines[0].indexOf(' '));
        String target = lines[0].substring(method.length() + 1);
        int equals = target.indexOf('=');
        if (equals > 0) { // written as it is meant, and encoded here
            target = target.substring(0, equals + 1)
                    + URLEncoder.encode(target.substring(equals + 1), StandardCharsets.UTF_8);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(target));
        return method.equals("GET")
                ? request.build()
                : request.header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(lines[1].strip()))
                        .build();
    }

    /** The second configuration of the plugin's page. */
    @Test
    void servesTheOtherExampleOfItsPage() throws Exception {
        try (Server server = new Server();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .and(TestGateway.builtJar(Path.of("../rate-limit")))
                        .and(TestGateway.builtJar(Path.of("../cache")))
                        .file("operations.json", "{\"Me\": \"query Me {me {name}}\"}")
                        .start(MarkdownPage.examples().get(1).replace("http://127.0.0.1:9001", server.address()))) {
            for (int i = 0; i < 2; i++) {
                assertThat(gateway.get("/graphql?documentId=Me").body()).contains("Ada");
            }
            assertThat(server.asked).as("the second one is kept").hasSize(1);
        }
    }
}
