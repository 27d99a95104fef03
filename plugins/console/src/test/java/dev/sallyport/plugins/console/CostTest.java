package dev.sallyport.plugins.console;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.plugins.console.Key.By;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the console costs: for each exchange, and for each second; printed. */
@Tag("proof")
final class CostTest {

    private static final StepInfo STEP = new StepInfo("orders", "limit", "rate-limit", "1.0.0");
    private static final Attempt ATTEMPT = new Attempt(1, "shop", URI.create("http://127.0.0.1:9001"));

    private static void print(String what, int turns, Consumer<Integer> work) {
        for (int round = 0; round < 5; round++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < turns; i++) {
                work.accept(i);
            }
            System.out.printf(
                    "%s: %.2f µs of processor time%n",
                    what, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / turns);
        }
    }

    @Test
    void ofOneExchange() {
        for (boolean search : new boolean[] {false, true}) {
            Counters counters = new Counters();
            Limits limits = new Limits();
            RecentRequests requests = search ? new RecentRequests(5000) : null;
            Request request = Requests.get("/orders/7")
                    .exchange(FakeExchange.builder().route("orders").build())
                    .build();
            print("an exchange" + (search ? " that can be searched, two steps" : ""), 200_000, i -> {
                ExchangeObserver observer = new Watching(counters, requests, limits, request);
                if (observer.observesSteps()) {
                    for (int step = 0; step < 2; step++) {
                        observer.stepEntered(STEP);
                        observer.stepLeft(STEP, ExchangeObserver.Verdict.PASSED, null, 1_000 + i);
                    }
                }
                observer.attemptBegins(ATTEMPT, request);
                observer.attemptEnded(ATTEMPT, 200, null);
                observer.ended(
                        new Completion(200, 0, i, Duration.ofNanos(100_000L + i), Completion.Outcome.COMPLETED, null));
            });
        }
    }

    @Test
    void ofOneSecondWhileSomebodyLooks() {
        for (int routes : new int[] {20, 10_000}) {
            try (FakeContext context = FakeContext.create()) {
                Counters counters = new Counters();
                Live live = new Live();
                var _ = live.watch(new FakeCall(new FakeAdmin(), "GET", "/api/live"));
                HistoryFile file =
                        new HistoryFile(context.dataFolder(), new History(), Clock.systemUTC(), context.logger());
                Ticker ticker =
                        new Ticker(counters, new History(), file, live, List::of, Clock.systemUTC(), context.logger());
                print("a second of 5,000 requests to " + routes + " routes", 50, second -> {
                    for (int i = 0; i < 5_000; i++) {
                        counters.count(new Key(By.ROUTE, "r" + (i * 7 + second * 5_000) % routes), false, i % 60);
                        counters.count(Key.ALL, false, i % 60);
                    }
                    ticker.tick();
                });
            }
        }
    }

    @Test
    void ofWritingTheHistory() {
        try (FakeContext context = FakeContext.create()) {
            History history = new History();
            long now = Clock.systemUTC().instant().getEpochSecond();
            Map<Key, Count> counts = new HashMap<>();
            for (By by : By.values()) {
                for (int i = 0; i < by.kept; i++) {
                    counts.put(new Key(by, by + "-" + i), new Count(100 + i, i % 3, new int[Buckets.COUNT]));
                }
            }
            for (long second = now - 60L * 86_400; second < now; second += 60) {
                history.add(second, counts);
            }
            HistoryFile file = new HistoryFile(context.dataFolder(), history, Clock.systemUTC(), context.logger());
            file.claim();
            print("writing all of 60 days", 3, i -> file.write());
            System.out.println(
                    context.dataFolder().resolve("history.gz").toFile().length() + " bytes");
        }
    }
}
