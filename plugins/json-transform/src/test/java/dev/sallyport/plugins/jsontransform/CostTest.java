package dev.sallyport.plugins.jsontransform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.jsontransform.JsonTransformConfig.Operation;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a body of 2 KB costs: printed, for docs/proofs/transforms.md. */
@Tag("proof")
final class CostTest {

    private static final String JSON = "{\"secret\":\"x\",\"items\":["
            + "{\"id\":12345,\"price\":1.10,\"note\":\"a text of some words\",\"tags\":[\"a\",\"b\"]},".repeat(28)
            + "{\"id\":1}]}";

    @Test
    void ofOperations() throws Exception {
        cost(
                "operations that touch little",
                List.of(OperationsTest.remove("/secret"), OperationsTest.set(Map.of("/by", "gw"))));
        cost(
                "operations in each element",
                List.of(OperationsTest.remove("/items/*/tags"), OperationsTest.rename("/items/*/note", "memo")));
    }

    @Test
    void ofATemplate() throws Exception {
        cost(
                "a template",
                List.of(OperationsTest.template("{\"by\": \"gw\", \"items\": items.{\"id\": id, \"memo\": note}}")));
    }

    private static void cost(String what, List<Operation> operations) throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Filter filter =
                    new JsonTransformFactory().create(JsonTransformFilterTest.config(operations, List.of()), context);
            Body body = Body.of(JSON);
            Request request = Requests.of("POST", "/")
                    .header("Content-Type", "application/json")
                    .body(body)
                    .build();
            int turns = 3_000;
            for (int round = 0; round < 6; round++) {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                long started = System.nanoTime();
                for (int i = 0; i < turns; i++) {
                    Response response =
                            filter.handle(request, onward -> Response.of(200, onward.headers(), onward.body()));
                    assertThat(response.body().length()).isPositive();
                }
                System.out.printf(
                        "%s, %d bytes: %.1f µs, of them %.1f µs of processor time on the caller's thread%n",
                        what,
                        body.length(),
                        (System.nanoTime() - started) / 1e3 / turns,
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / turns);
            }
        }
    }
}
