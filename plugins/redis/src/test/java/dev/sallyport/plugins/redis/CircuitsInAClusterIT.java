package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three gateways whose circuits are shared by one Redis. */
final class CircuitsInAClusterIT {

    private static final String STEP = "circuit-breaker/all/circuit-breaker";

    private final List<TestGateway> gateways = new ArrayList<>();
    private RedisServer redis;
    private TestUpstream upstream;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        upstream = TestUpstream.start().answers(500, "broken");
    }

    @AfterEach
    void stop() {
        gateways.forEach(TestGateway::close);
        upstream.close();
        redis.close();
    }

    private void start(String openFor) {
        for (int i = 0; i < 3; i++) {
            gateways.add(TestGateway.with(TestGateway.builtJar())
                    .and(TestGateway.builtJar(Path.of("../circuit-breaker")))
                    .start("""
                        services: [{name: shared, redis: {url: "%s"}}]
                        routes:
                          - name: all
                            plugins: [{circuit-breaker: {window: 4, openFor: %s, halfOpenCalls: 1, store: shared}}]
                            upstream: "%s"
                        """.formatted(redis.url(), openFor, upstream.address())));
        }
        gateways.forEach(
                gateway -> gateway.await("Redis", () -> gateway.degraded().isEmpty()));
    }

    private void fail(TestGateway gateway) {
        for (int call = 0; call < 4; call++) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(500);
        }
    }

    private void awaitState(String state) {
        gateways.forEach(gateway -> awaitState(gateway, state));
    }

    private static void awaitState(TestGateway gateway, String state) {
        gateway.await(state, () -> gateway.steps().contains("\"state\":\"" + state + "\""));
    }

    @Test
    void whatOneOpensIsOpenForAllAndWhatOneClosesIsClosed() {
        start("2s");
        fail(gateways.get(1));

        awaitState("open");
        int calls = upstream.requests().size();
        upstream.answers(200, "well again");
        gateways.get(2)
                .await("one that closes it", () -> gateways.get(2).get("/").statusCode() == 200);

        awaitState("closed");
        assertThat(calls).as("calls of all").isEqualTo(4);
        assertThat(gateways.getFirst().log())
                .anyMatch(line -> line.endsWith("circuit open, was closed, as another gateway says"));
    }

    @Test
    void whatOneIsToldIsSoForAllAndForThoseThatComeLater() {
        start("1h");
        gateways.get(0).tell(STEP, "open", null);

        awaitState("forced-open");
        assertThat(gateways.get(2).get("/").statusCode()).isEqualTo(503);
        start("1h");
        awaitState("forced-open");
        gateways.get(4).tell(STEP, "auto", null);

        awaitState("closed");
    }

    @Test
    void eachGoesOnAloneWhileRedisIsAwayAndTellsTheOthersAfterwards() {
        start("1h");
        redis.kill();
        TestGateway first = gateways.getFirst();
        TestGateway last = gateways.getLast();

        fail(first);
        assertThat(first.get("/").statusCode()).isEqualTo(503);
        assertThat(last.get("/").statusCode()).as("alone").isEqualTo(500);
        redis.restart();

        awaitState("open");
        redis.hang();
        last.tell(STEP, "close", null);
        upstream.answers(200, "well again");
        assertThat(last.get("/").statusCode()).isEqualTo(200);
        redis.goOn();

        awaitState("forced-closed");
        assertThat(first.get("/").statusCode()).isEqualTo(200);
    }
}
