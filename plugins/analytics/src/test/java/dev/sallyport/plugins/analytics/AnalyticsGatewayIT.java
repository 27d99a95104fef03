package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AnalyticsGatewayIT {

    private static final String STEP = "analytics/*/analytics";

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private String example() {
        return MarkdownPage.examples().getFirst() + """
            routes:
              - {name: orders, match: {paths: [/orders/**]}, upstream: "%s"}
              - name: broken
                match: {paths: [/broken]}
                plugins: [{respond: {status: 503}}]
            """.formatted(upstream.address());
    }

    private static TestGateway.Builder gateway() {
        return TestGateway.with(TestGateway.builtJar()).and(TestGateway.builtJar(Path.of("../respond")));
    }

    private static JsonNode answer(TestGateway gateway, String query, String parameters) {
        String answer = gateway.ask(STEP, query, parameters);
        return JsonMapper.shared().readTree(answer).path("answers").path(0);
    }

    private static void awaitCount(TestGateway gateway, long count) {
        gateway.await(
                count + " requests",
                () -> answer(gateway, "usage", "").path("total").path("count").asLong(0) == count);
    }

    @Test
    void answersWhatWasServed() {
        try (TestGateway gateway = gateway().start(example())) {
            for (int i = 0; i < 5; i++) {
                gateway.get("/orders/" + i % 2);
            }
            gateway.get("/broken?password=s3cret");
            gateway.get("/none");
            awaitCount(gateway, 7);

            JsonNode groups = answer(gateway, "usage", "groupBy=route,class&every=1m&last=5m")
                    .path("groups");
            assertThat(groups.path(0).path("route").asString("")).isEqualTo("orders");
            assertThat(groups.path(0).path("class").asString("")).isEqualTo("2xx");
            assertThat(groups.path(0).path("count").asLong(0)).isEqualTo(5);
            assertThat(groups.path(0).path("p99Millis").asDouble(0)).isPositive();
            assertThat(groups.path(0).path("points").size()).isBetween(1, 2);
            JsonNode errors = answer(gateway, "errors", "route=broken").path("errors");
            assertThat(errors)
                    .as(gateway.ask(STEP, "errors", "") + gateway.ask(STEP, "usage", "groupBy=route,status"))
                    .hasSize(1);
            assertThat(errors.path(0).path("status").asInt(0)).isEqualTo(503);
            assertThat(errors.path(0).path("record").asString(""))
                    .contains("\"path\":\"/broken\"", "password=***", "\"requestId\":\"")
                    .doesNotContain("s3cret");
            assertThat(answer(gateway, "top-paths", "limit=1")
                            .path("paths")
                            .path(0)
                            .path("path")
                            .asString(""))
                    .isEqualTo("/orders/0");
            assertThat(gateway.ask(STEP, "usage", "groupBy=rout"))
                    .contains("groupBy: rout (expected: one of [route, consumer, status, class, client])");
            assertThat(gateway.steps()).contains("\"queries\":{\"errors\"");
        }
    }

    @Test
    void countsOnOverReloadsAndChangesOfItsSettings() {
        try (TestGateway gateway = gateway().start(example())) {
            gateway.get("/orders/1");
            awaitCount(gateway, 1);

            gateway.configure(example().replace("clients: address", "clients: prefix"));
            gateway.get("/orders/2");

            awaitCount(gateway, 2);
            assertThat(answer(gateway, "usage", "groupBy=client").path("groups").toString())
                    .contains("\"client\":\"127.0.0.1\"", "\"client\":\"127.0.0.0/24\"");
        }
    }
}
