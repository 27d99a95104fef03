package dev.sallyport.plugins.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import graphql.parser.Parser;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a query of 2 KB costs, beside the parser alone: printed, for docs/proofs/graphql.md. */
@Tag("proof")
final class CostTest {

    private static final String QUERY = "query Orders($n: Int) {"
            + "orders(first: $n) {id total customer {name email} items(first: 2) {sku name}} ".repeat(25)
            + "}";

    @Test
    void ofAQuery() throws Exception {
        Settings settings = new Settings();
        settings.maxComplexity = 100_000;
        try (FakeContext context = FakeContext.create()) {
            Filter filter = new GraphqlFactory().create(settings.build(), context);
            String json = Call.JSON
                    .createObjectNode()
                    .put("query", QUERY)
                    .set("variables", Call.JSON.createObjectNode().put("n", 5))
                    .toString();
            Request request = Requests.of("POST", "/graphql")
                    .header("content-type", "application/json")
                    .body(Body.of(json))
                    .build();

            double parser = measure("the parser alone", () -> new Parser().parseDocument(QUERY));
            double step = measure("the step", () -> {
                Response response = filter.handle(request, onward -> Response.of(204));
                assertThat(response.status()).isEqualTo(204);
                return response;
            });

            assertThat(step).as("µs, against twice the parser's").isLessThan(2 * parser);
        }
    }

    private static double measure(String what, Callable<?> call) throws Exception {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < 1_000; i++) {
                assertThat(call.call()).isNotNull();
            }
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            best = Math.min(best, nanos / 1e6);
        }
        System.out.printf("%s, %d bytes of query: %.0f µs of processor time%n", what, QUERY.length(), best);
        return best;
    }
}
