package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

final class JsonSchemaLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - json-schema:
                      formats: true
                      schema:
                        type: object
                        properties:
                          id: {type: string, pattern: "^(?=a)[a-z]+$"}
                          at: {type: string, format: date-time}
                          mail: {type: string, format: idn-email}
                          host: {type: string, format: idn-hostname}
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(post(
                        gateway,
                        "{\"id\": \"abc\", \"at\": \"2026-01-01T00:00:00Z\", \"mail\": \"a@example.com\","
                                + " \"host\": \"ä.example\"}"))
                .isEqualTo(200);
        assertThat(post(gateway, "{\"id\": \"" + "b".repeat(20_000) + "\"}")).isEqualTo(400);
        assertThat(post(gateway, "{")).isEqualTo(400);
    }

    private static int post(TestGateway gateway, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address())
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build())
                .statusCode();
    }
}
