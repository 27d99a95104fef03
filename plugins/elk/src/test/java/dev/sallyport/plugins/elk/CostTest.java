package dev.sallyport.plugins.elk;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a record costs the thread of its exchange, and all threads together: printed, for docs/proofs/elk.md. */
@Tag("proof")
final class CostTest {

    @Test
    void ofARecord() throws Exception {
        int turns = 20_000;
        try (TestUpstream logstash = TestUpstream.start().answers(200, "ok");
                FakeContext context = FakeContext.create()) {
            Filter filter = context.create(
                    new ElkFactory(), Configs.toLogstash(logstash.address().toString(), false));
            Response answer = Response.text(200, "hello");
            for (int round = 0; round < 8; round++) {
                logstash.forget();
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int i = 0; i < turns; i++) {
                    filter.handle(
                            Requests.get("/orders/" + i + "?a=b")
                                    .header("Host", "api.example.com")
                                    .header("User-Agent", "test/1")
                                    .build(),
                            onward -> {
                                ((FakeExchange) onward.exchange()).complete(200);
                                return answer;
                            });
                }
                System.out.printf(
                        "a record: %.2f µs of the exchange's thread%n",
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / turns);
            }
        }
    }
}
