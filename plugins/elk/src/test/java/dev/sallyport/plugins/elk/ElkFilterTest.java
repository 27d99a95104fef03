package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ElkFilterTest {

    @Test
    void leavesOneRecordOfAnExchangeThatAStepBeforeItTriesTwice() throws Exception {
        try (TestUpstream logstash = TestUpstream.start().answers(200, "ok");
                FakeContext context = FakeContext.create()) {
            Filter filter = context.create(
                    new ElkFactory(), Configs.toLogstash(logstash.address().toString(), true));
            FakeExchange exchange = FakeExchange.create();
            for (String answer : new String[] {"the first", "the second"}) {
                Response response = filter.handle(
                        Requests.get("/orders/7").exchange(exchange).build(), onward -> Response.text(200, answer));
                try (InputStream body = response.body().open()) {
                    body.readAllBytes();
                }
            }
            exchange.complete(200);

            await().until(() -> !logstash.requests().isEmpty());
            assertThat(((Map<?, ?>) filter.state()).get("taken")).isEqualTo(1L);
            assertThat(logstash.last().body()).contains("the second").doesNotContain("the first");
        }
    }
}
