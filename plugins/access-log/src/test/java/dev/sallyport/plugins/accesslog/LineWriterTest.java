package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.FakeContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LineWriterTest {

    private static final int MOST = 4 << 20;

    private static Counts counts(FakeContext context) {
        return new Counts(context.meter(), () -> 0);
    }

    @Test
    void writesAllLinesOfAHundredThreadsWholeAndInEachOnesOrder() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FakeContext context = FakeContext.create()) {
            Counts counts = counts(context);
            LineWriter writer = new LineWriter(Output.of(bytes), "test", context.logger());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int thread = 0; thread < 100; thread++) {
                    String name = "thread-" + thread + " " + "é".repeat(50) + " ";
                    threads.submit(() -> IntStream.range(0, 50).forEach(i -> writer.write(name + i, MOST, counts)));
                }
            }

            writer.close();

            List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
            assertThat(lines).hasSize(5000);
            for (int thread = 0; thread < 100; thread++) {
                String name = "thread-" + thread + " " + "é".repeat(50) + " ";
                assertThat(lines.stream().filter(line -> line.startsWith(name)))
                        .containsExactlyElementsOf(
                                IntStream.range(0, 50).mapToObj(i -> name + i).toList());
            }
            assertThat(context.log()).isEmpty();
        }
    }

    @Test
    void aStuckDestinationHoldsNobodyUpAndWhatIsDroppedIsCounted() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            CountDownLatch stuck = new CountDownLatch(1);
            CountDownLatch free = new CountDownLatch(1);
            List<String> written = new ArrayList<>();
            Output output = lines -> {
                stuck.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                written.addAll(lines);
            };
            LineWriter writer = new LineWriter(output, "test", context.logger());
            writer.write("first", MOST, counts(context));
            stuck.await();
            String line = "x".repeat(MOST / 4);

            for (int i = 0; i < 7; i++) {
                writer.write(line, MOST, counts(context));
            }

            // what is being written counts too
            assertThat(writer.waiting()).isEqualTo(3 * line.length() + "first".length());
            await().untilAsserted(() -> assertThat(context.log())
                    .as("told of while it is stuck")
                    .singleElement()
                    .asString()
                    .containsPattern("WARNING access log to test: [1-4] lines dropped"));
            free.countDown();
            writer.close();
            assertThat(written).hasSize(4).startsWith("first");
            assertThat(writer.waiting()).isZero();
            assertThat(context.log().stream()
                            .mapToInt(each -> Integer.parseInt(each.toString().replaceAll(".*: (\\d+) lines.*", "$1")))
                            .sum())
                    .isEqualTo(4);
        }
    }

    @Test
    @Timeout(60)
    void closeDoesNotWaitForADestinationThatIsStuck() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            CountDownLatch stuck = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            Output output = lines -> {
                stuck.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    ended.countDown();
                    throw new IOException(e);
                }
            };
            LineWriter writer = new LineWriter(output, "test", context.logger(), Duration.ofMillis(50));
            writer.write("first", MOST, counts(context));
            stuck.await();
            writer.write("second", MOST, counts(context));

            writer.close();

            ended.await();
            assertThat(context.log()).singleElement().asString().contains("2 lines dropped");
            writer.thread().join();
        }
    }

    @Test
    @Timeout(60)
    void aWriteThatIsStuckForLongIsAbandonedOnceLinesAreDropped() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            CountDownLatch stuck = new CountDownLatch(1);
            CountDownLatch abandoned = new CountDownLatch(1);
            List<String> written = new ArrayList<>();
            Output output = new Output() {
                @Override
                public void write(List<String> lines) throws IOException {
                    if (abandoned.getCount() > 0) {
                        stuck.countDown();
                        try {
                            abandoned.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        throw new IOException("broken off");
                    }
                    written.addAll(lines);
                }

                @Override
                public void abandon() {
                    abandoned.countDown();
                }
            };
            LineWriter writer = new LineWriter(
                    output, "test", context.logger(), LineWriter.PATIENCE, Duration.ZERO, Duration.ofMillis(1));
            writer.write("first", MOST, counts(context));
            stuck.await();

            await().until(() -> {
                writer.write("too long", 9, counts(context));
                return abandoned.getCount() == 0;
            });
            writer.write("second", MOST, counts(context));
            writer.close();

            assertThat(written).endsWith("second");
        }
    }

    @Test
    void aStreamOfTheProcessThatTakesNothingIsAFailure() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Output output = Output.of(new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("Broken pipe");
                }
            });
            LineWriter writer = new LineWriter(output, "stdout", context.logger());

            writer.write("lost", MOST, counts(context));
            writer.close();

            assertThat(context.log()).singleElement().asString().contains("1 lines dropped", "Broken pipe");
        }
    }

    @Test
    void goesOnAfterAFailureAndReportsIt() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            CountDownLatch failed = new CountDownLatch(1);
            List<String> written = new ArrayList<>();
            Output output = lines -> {
                if (failed.getCount() > 0) {
                    failed.countDown();
                    throw new IOException("No space left on device");
                }
                written.addAll(lines);
            };
            LineWriter writer = new LineWriter(output, "test", context.logger());
            writer.write("lost", MOST, counts(context));
            failed.await();
            writer.write("kept", MOST, counts(context));

            writer.close();

            assertThat(written).containsExactly("kept");
            assertThat(context.log())
                    .singleElement()
                    .asString()
                    .contains("1 lines dropped, since java.io.IOException: No space left on device");
        }
    }

    @Test
    void writesNothingAfterItWasClosed() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            LineWriter writer = new LineWriter(Output.of(bytes), "test", context.logger());
            writer.close();

            writer.write("late", MOST, counts(context));

            assertThat(bytes.size()).isZero();
            assertThat(writer.dropped()).isEqualTo(1);
        }
    }

    @Test
    void countsWhyLinesWereLost() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Counts counts = counts(context);
            CountDownLatch stuck = new CountDownLatch(1);
            Output output = lines -> {
                if (lines.getFirst().equals("failing")) {
                    throw new IOException("No space left on device");
                }
                stuck.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            };
            LineWriter writer = new LineWriter(output, "test", context.logger(), Duration.ofMillis(50));
            writer.write("failing", MOST, counts);
            await().untilAsserted(() ->
                    assertThat(writer.dropped() + context.log().size()).isEqualTo(1));
            writer.write("stuck", MOST, counts);
            stuck.await();
            writer.write("12345", 14, counts);
            writer.write("67890", 14, counts);

            writer.close();

            writer.write("late", MOST, counts);
            assertThat(context.metrics())
                    .filteredOn(metric -> metric.getName().equals("sallyport.access_log.dropped"))
                    .singleElement()
                    .satisfies(metric -> assertThat(metric.getLongSumData().getPoints())
                            .extracting(
                                    point -> point.getAttributes().get(AttributeKey.stringKey("reason")),
                                    LongPointData::getValue)
                            .containsExactlyInAnyOrder(tuple("failed", 1L), tuple("full", 1L), tuple("closed", 3L)));
        }
    }
}
