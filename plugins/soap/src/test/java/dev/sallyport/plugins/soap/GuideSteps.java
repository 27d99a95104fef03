package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.MarkdownPage.Fence;
import dev.sallyport.testgateway.TestGateway;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;

/** Runs the blocks of a guide in the language {@code http}: a request, and after it, behind a line of {@code ---}, the answer. */
final class GuideSteps {

    private GuideSteps() {}

    static void run(TestGateway gateway, MarkdownPage guide) {
        List<Fence> steps = guide.fences().stream()
                .filter(fence -> fence.language().equals("http"))
                .toList();
        assertThat(steps).isNotEmpty();
        for (Fence step : steps) {
            String[] parts = step.text().split("\n---\n", 2);
            HttpResponse<String> response = gateway.send(request(gateway, parts[0]));
            String[] expected = parts[1].split("\n", 2);

            assertThat(response.statusCode() + "\n" + flat(response.body()))
                    .as(guide.file() + ":" + step.line())
                    .contains(expected[0].strip())
                    .contains(flat(expected.length < 2 ? "" : expected[1]));
        }
    }

    private static HttpRequest request(TestGateway gateway, String text) {
        String[] headAndBody = text.split("\n\n", 2);
        String[] lines = headAndBody[0].split("\n");
        String[] first = lines[0].split(" ");
        String body = headAndBody.length < 2 ? "" : headAndBody[1];
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.address().resolve(first[1]))
                .method(first[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int i = 1; i < lines.length; i++) {
            String[] field = lines[i].split(": ", 2);
            request.header(field[0], field[1]);
        }
        return request.build();
    }

    /** Lines and indents are for readers. */
    private static String flat(String text) {
        return text.strip().replaceAll("\\s*\n\\s*", "").replace("\": ", "\":").replace(", \"", ",\"");
    }
}
