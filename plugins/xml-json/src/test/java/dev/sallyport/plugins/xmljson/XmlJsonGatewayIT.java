package dev.sallyport.plugins.xmljson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.MarkdownPage.Fence;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pages, in a real gateway. */
final class XmlJsonGatewayIT {

    private static TestGateway gateway(String config, TestUpstream upstream) {
        return TestGateway.with(TestGateway.builtJar())
                .start(config.replace(
                        "http://127.0.0.1:9001", upstream.address().toString()));
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway(MarkdownPage.examples().getFirst(), upstream)) {
            upstream.answers(_ -> new Answered(
                    200,
                    "<stock><item active=\"true\"><count>7</count></item></stock>",
                    Map.of("content-type", "application/xml")));

            assertThat(gateway.get("/stock/all").body())
                    .isEqualTo("{\"stock\":{\"item\":[{\"@active\":true,\"count\":7}]}}");
            assertThat(gateway.explain("{\"method\":\"GET\",\"url\":\"/stock/all\"}"))
                    .contains("turns the response");
        }
    }

    @Test
    void servesTheGuide() {
        MarkdownPage guide = MarkdownPage.read(Path.of("../../docs/guides/xml-json.md"));
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway(guide.yaml().getFirst().text(), upstream)) {
            upstream.answers(request -> new Answered(200, request.body(), Map.of("content-type", "application/xml")));
            List<Fence> steps = guide.fences().stream()
                    .filter(fence -> fence.language().equals("http"))
                    .toList();

            assertThat(steps).hasSize(3);
            for (Fence step : steps) {
                String[] parts = step.text().split("\n---\n", 2);
                String[] expected = parts[1].split("\n", 2);
                HttpResponse<String> response =
                        gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/orders/new"))
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofString(parts[0].split("\n\n", 2)[1]))
                                .build());

                assertThat(Integer.toString(response.statusCode())).isEqualTo(expected[0]);
                assertThat(flat(response.body())).contains(flat(expected[1]));
            }
            assertThat(upstream.last().body())
                    .endsWith(
                            "<orders xmlns=\"urn:x\"><order id=\"7\"><total>1.10</total><note>a &amp; b</note></order>"
                                    + "</orders>");
        }
    }

    /** Blanks after colons and commas are for readers. */
    private static String flat(String json) {
        return json.strip().replace("\": ", "\":").replace("\", \"", "\",\"").replace(", \"", ",\"");
    }
}
