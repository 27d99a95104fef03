package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings, exchanges and questions of tests. */
final class Settings {

    static final AnalyticsConfig DEFAULT = of(Clients.PREFIX, 2_000, new Size(256 << 20));

    private Settings() {}

    static AnalyticsConfig of(Clients clients, int series, Size maxSize) {
        return new AnalyticsConfig(
                clients, series, 200, 20, Duration.ofDays(1), Duration.ofDays(31), maxSize, List.of());
    }

    static Recorder recorder(Path folder, AnalyticsConfig config, FakeContext context) throws IOException {
        return new Recorder(config, new Shelf(folder, config), context.clock(), context.logger());
    }

    static Request request(String route, String consumer, String client, String target) {
        FakeExchange.Builder exchange =
                FakeExchange.builder().id("r-1").route(route).client(client);
        if (!consumer.isEmpty()) {
            exchange.consumer(new Consumer(consumer));
        }
        return Requests.get(target).exchange(exchange.build()).build();
    }

    static Completion ended(int status, long micros) {
        return new Completion(status, 10, 100, Duration.ofNanos(micros * 1000), Outcome.COMPLETED, null);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> groups(Recorder recorder, FakeContext context, Map<String, String> given)
            throws IOException {
        return (List<Map<String, Object>>) usage(recorder, context, given).get("groups");
    }

    static Map<String, Object> usage(Recorder recorder, FakeContext context, Map<String, String> given)
            throws IOException {
        return new Usage(new Given(given, context.clock().instant())).answer(recorder);
    }

    /** How many requests there are in all. */
    static long count(Recorder recorder, FakeContext context, String last) throws IOException {
        return groups(recorder, context, Map.of("last", last)).stream()
                .mapToLong(group -> (Long) group.get("count"))
                .sum();
    }
}
