package dev.sallyport.plugins.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.mask.MaskConfig.Rule;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a body of 2 KB costs: printed, for docs/proofs/transforms.md. */
@Tag("proof")
final class CostTest {

    private static final String JSON = "{\"secret\":\"x\",\"items\":["
            + "{\"id\":12345,\"price\":1.10,\"note\":\"a text of some words\",\"tags\":[\"a\",\"b\"]},".repeat(28)
            + "{\"note\":\"paid by 4111 1111 1111 1111\"}]}";

    @Test
    void ofNamesAndPatterns() throws Exception {
        cost("two names", Rules.names(Rules.STARS, "secret", "password"));
        cost("cards", Rules.patterns(Rules.STARS, KnownPattern.CARD));
        cost("all known patterns", Rules.patterns(Rules.STARS, KnownPattern.values()));
        cost("a regular expression", Rules.regexes(Rules.STARS, "ORD-[0-9]{8}"));
    }

    private static void cost(String what, Rule rule) throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Filter filter = new MaskFactory().create(Rules.config(rule), context);
            Body body = Body.of(JSON);
            Request request = Requests.of("POST", "/")
                    .header("Content-Type", "application/json")
                    .body(body)
                    .build();
            int turns = 3_000;
            for (int round = 0; round < 6; round++) {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int i = 0; i < turns; i++) {
                    Response response =
                            filter.handle(request, onward -> Response.of(200, onward.headers(), onward.body()));
                    assertThat(response.body().length()).isPositive();
                }
                System.out.printf(
                        "%s, %d bytes: %.1f µs of processor time%n",
                        what,
                        body.length(),
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / turns);
            }
        }
    }
}
