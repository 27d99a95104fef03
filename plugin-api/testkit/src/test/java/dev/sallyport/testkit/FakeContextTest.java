package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Limit;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Rate;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FakeContextTest {

    record Key(String hash) {}

    record Other(String text) {}

    @Test
    void bucketStartsFullFillsEvenlyAndSaysWhenThereIsMore() {
        try (FakeContext context = FakeContext.create()) {
            var store = context.store("memory");
            Rate rate = Rate.parse("10/s");

            assertThat(store.take("a", List.of(new Limit.Bucket(rate, 2)), 1).getFirst())
                    .isEqualTo(new Take(true, 1, 0, 100_000_000));
            assertThat(store.take("a", List.of(new Limit.Bucket(rate, 2)), 1).getFirst())
                    .isEqualTo(new Take(true, 0, 0, 200_000_000));
            assertThat(store.take("a", List.of(new Limit.Bucket(rate, 2)), 1).getFirst())
                    .isEqualTo(new Take(false, 0, 100_000_000, 200_000_000));
            context.clock().advance(Duration.ofMillis(60));
            assertThat(store.take("a", List.of(new Limit.Bucket(rate, 2)), 1).getFirst())
                    .isEqualTo(new Take(false, 0, 40_000_000, 140_000_000));
            context.clock().advance(Duration.ofMillis(40));
            assertThat(store.take("a", List.of(new Limit.Bucket(rate, 2)), 1).getFirst())
                    .isEqualTo(new Take(true, 0, 0, 200_000_000));
            assertThat(store.take("b", List.of(new Limit.Bucket(rate, 2)), 0).getFirst())
                    .isEqualTo(new Take(true, 2, 0, 0));
        }
    }

    @Test
    void metricsAreWhatTheStepHasRecordedUntilItIsClosed() {
        FakeContext context = FakeContext.create();
        context.meter().counterBuilder("sallyport.test.refused").build().add(2);
        context.meter().gaugeBuilder("sallyport.test.open").ofLongs().buildWithCallback(now -> now.record(7));

        assertThat(context.metrics())
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.test.refused")
                        .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(point -> point.hasValue(2))))
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.test.open")
                        .hasLongGaugeSatisfying(gauge -> gauge.hasPointsSatisfying(point -> point.hasValue(7))))
                .hasSize(2);
        context.close();
        assertThat(context.metrics()).isEmpty();
    }

    @Test
    void bucketNeverHoldsMoreThanItsBurst() {
        try (FakeContext context = FakeContext.create()) {
            var store = context.store("memory");
            store.take("a", List.of(new Limit.Bucket(Rate.parse("1/d"), 3)), 3).getFirst();
            context.clock().advance(Duration.ofDays(30));

            assertThat(store.take("a", List.of(new Limit.Bucket(Rate.parse("1/d"), 3)), 0)
                            .getFirst()
                            .left())
                    .isEqualTo(3);
        }
    }

    @Test
    void refusesAStoreThatIsNotThere() {
        try (FakeContext context = FakeContext.create()) {
            assertThatThrownBy(() -> context.store("shared"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("shared (expected: one of [memory])");
        }
    }

    @Test
    void siblingsShareALeaseUntilTheLastIsClosed() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        FakeContext one = FakeContext.create();
        FakeContext two = one.sibling("other", "step");
        AutoCloseable first = one.lease("client", () -> {
            opened.incrementAndGet();
            return closed::incrementAndGet;
        });
        AutoCloseable second = two.lease("client", () -> closed::incrementAndGet);

        one.close();
        assertThat(second).isSameAs(first);
        assertThat(closed).hasValue(0);
        two.close();

        assertThat(opened).hasValue(1);
        assertThat(closed).hasValue(1);
        assertThat(two.openLeases()).isZero();
    }

    @Test
    void closeReportsALeaseThatCannotBeClosed() throws Exception {
        FakeContext context = FakeContext.create();
        context.lease("client", () -> () -> {
            throw new IOException("disk full");
        });

        assertThatThrownBy(context::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("lease client: java.io.IOException: disk full");
    }

    @Test
    void closeReportsATaskThatDoesNotEnd() throws Exception {
        FakeContext context =
                FakeContext.builder().patience(Duration.ofMillis(100)).build();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        context.scheduler().execute(() -> {
            started.countDown();
            awaitStubbornly(end);
        });
        started.await();

        assertThatThrownBy(context::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a task of the scheduler does not end");
        end.countDown();
    }

    @Test
    void closeCancelsTasksAndDeletesTheDataFolder() throws IOException {
        FakeContext context = FakeContext.create();
        Future<?> task = context.scheduler().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
        Path folder = context.dataFolder();
        Files.writeString(folder.resolve("a.txt"), "a");

        context.close();

        assertThat(task.isCancelled() || context.scheduler().isTerminated()).isTrue();
        assertThat(folder).doesNotExist();
    }

    @Test
    void closeInterruptsThreadsAndThenClosesWhatWasGivenLastFirst() throws Exception {
        List<String> ended = new CopyOnWriteArrayList<>();
        FakeContext context = FakeContext.create();
        CountDownLatch running = new CountDownLatch(1);
        Future<?> task = context.threads().submit(() -> {
            running.countDown();
            new CountDownLatch(1).await();
            return true;
        });
        AutoCloseable first = context.onClose(() -> ended.add("first"));
        context.onClose(() -> ended.add("second, thread " + task.state()));
        running.await();

        context.close();

        assertThat(first).isNotNull();
        assertThat(ended).containsExactly("second, thread FAILED", "first");
    }

    @Test
    void aTaskThatBlocksHoldsUpNoOther() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            CountDownLatch end = new CountDownLatch(1);
            context.scheduler().execute(() -> awaitStubbornly(end));

            Future<Boolean> other =
                    context.scheduler().submit(() -> Thread.currentThread().isVirtual());

            assertThat(other.get(10, TimeUnit.SECONDS)).isTrue();
            end.countDown();
        }
    }

    @Test
    void processorWorkRunsOnAPlatformThreadAndThrowsWhatItThrew() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            assertThat(context.cpu(() -> Thread.currentThread().isVirtual())).isFalse();
            assertThatThrownBy(() -> context.cpu(() -> {
                        throw new IOException("bad input");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("bad input");
        }
    }

    @Test
    void givesTheCredentialsOfOneType() {
        try (FakeContext context = FakeContext.builder()
                .credential(new Consumer("mobile"), new Key("abc"))
                .credential(new Consumer("web"), new Other("def"))
                .build()) {
            assertThat(context.credentials(Key.class))
                    .singleElement()
                    .satisfies(credential ->
                            assertThat(credential.consumer().name()).isEqualTo("mobile"));
        }
    }

    @Test
    void headersAreDeclaredOnlyWhileAFilterIsCreated() {
        record Nothing() {}
        FilterFactory<Nothing> factory = (config, given) -> {
            given.ownHeader("X-User");
            return (request, next) -> next.proceed(request);
        };
        try (FakeContext context = FakeContext.create()) {
            context.create(factory, new Nothing());

            assertThat(context.ownedHeaders()).containsExactly("x-user");
            assertThatThrownBy(() -> context.ownHeader("x-late")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closeClosesTheFiltersItMade() {
        record Nothing() {}
        AtomicInteger closed = new AtomicInteger();
        FakeContext context = FakeContext.create();
        context.create(new CountingFactory<Nothing>(closed), new Nothing());

        context.close();
        context.close();

        assertThat(closed).hasValue(1);
    }

    @Test
    void recordsWhatIsLogged() {
        try (FakeContext context = FakeContext.create()) {
            context.logger().log(System.Logger.Level.WARNING, "dropped {0} lines", 3);

            assertThat(context.log()).containsExactly("WARNING dropped 3 lines");
        }
    }

    private static void awaitStubbornly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException goOn) {
                Thread.interrupted();
            }
        }
    }

    private record CountingFactory<C extends Record>(AtomicInteger closed) implements FilterFactory<C> {
        @Override
        public Filter create(C config, FilterContext context) {
            return new Filter() {
                @Override
                public Response handle(Request request, Next next) throws Exception {
                    return next.proceed(request);
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        }
    }
}
