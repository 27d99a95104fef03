package dev.sallyport.plugins.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Request;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prints what it takes to tell a condition; what it asserts is only that each is true. */
@Tag("proof")
final class ConditionProof {

    private static final int ROUNDS = 10;
    private static final int TOLD = 300_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request.method == 'GET'",
                "'partners' in consumer.groups && request.path.startsWith('/orders/')",
                "claims.realm_access.roles.exists(r, r == 'admin') && request.method in ['GET', 'HEAD']",
                "request.path.matches('^/orders/[0-9]+$')",
                "client.address.inCidr('10.0.0.0/8')",
                "request.headers['x-system'] == 'erp'",
            })
    void tellsACondition(String text) throws Exception {
        Condition condition = Condition.parse(text);
        FakeExchange exchange = FakeExchange.builder()
                .client("10.1.2.3")
                .consumer(new Consumer("mobile", List.of("staff", "partners"), Map.of()))
                .build();
        exchange.put(
                Attribute.of("jwt-claims", Map.class),
                Map.of("sub", "u1", "realm_access", Map.of("roles", List.of("user", "admin"))));
        Request request = Requests.get("/orders/1")
                .header("x-system", "erp")
                .header("accept", "*/*")
                .exchange(exchange)
                .build();
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < TOLD; i++) {
                if (!condition.holds(request, Clock.systemUTC())) {
                    assertThat(text).as("is true").isEmpty();
                }
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) TOLD);
        }
        System.out.printf("%5.0f ns  %s%n", best, text);
    }
}
