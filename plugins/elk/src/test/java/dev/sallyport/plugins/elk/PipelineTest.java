package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline keeps and drops, with an output that the test opens and shuts. */
final class PipelineTest {

    @TempDir
    Path folder;

    private final Gate gate = new Gate();

    /** Takes records, or is away. */
    private static final class Gate implements Output {

        private final List<String> got = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean open;
        private volatile int faults;
        private volatile int most;

        @Override
        public Outcome send(List<Entry> entries, @Nullable Doubt doubt) {
            Outcome outcome = new Outcome();
            if (faults-- > 0) {
                throw new IllegalStateException("a fault");
            }
            if (open) {
                most = Math.max(most, entries.size());
                entries.forEach(entry -> got.add(entry.id()));
                outcome.arrived(entries.size());
            } else {
                outcome.again(entries, new Trouble(Trouble.Kind.AWAY, "shut"));
            }
            return outcome;
        }

        @Override
        public void close() {}
    }

    private Pipeline pipeline(Path root, long memory, long spool) throws IOException {
        return new Pipeline(gate, root, bounds(memory, spool), System.getLogger("elk"));
    }

    private static Pipeline.Bounds bounds(long memory, long spool) {
        return new Pipeline.Bounds(
                memory, spool, 4096, Sync.NEVER, Duration.ofMillis(5), Duration.ofMillis(20), 50, 1 << 20);
    }

    @Test
    void dropsAndCountsWhatTheSpoolHasNoRoomForAndGoesOnLater() throws IOException {
        try (Pipeline pipeline = pipeline(folder, 1 << 20, 8192)) {
            SpoolTest.entries(0, 1000).forEach(pipeline::offer);
            await().until(() -> pipeline.queueBytes() == 0);
            long dropped = pipeline.tally().dropped(Tally.Reason.SPOOL);
            assertThat(dropped).isBetween(500L, 990L);

            gate.open = true;
            await().until(() -> gate.got.size() == 1000 - dropped);
            SpoolTest.entries(1000, 1010).forEach(pipeline::offer);
            await().until(() -> gate.got.size() == 1010 - dropped);

            assertThat(gate.got).doesNotHaveDuplicates().endsWith("id-1009");
            assertThat(pipeline.spoolBytes()).isLessThanOrEqualTo(8192);
        }
    }

    @Test
    void leavesWhatWaitsToTheNextWhenItIsClosed() throws IOException {
        try (Pipeline pipeline = pipeline(folder, 1 << 20, 1 << 20)) {
            SpoolTest.entries(0, 500).forEach(pipeline::offer);
        }
        assertThat(gate.got).isEmpty();
        gate.open = true;
        try (Pipeline pipeline = pipeline(folder, 1 << 20, 1 << 20)) {
            await().until(() -> gate.got.size() == 500);
            assertThat(gate.got).isEqualTo(SpoolTest.ids(0, 500));
            assertThat(pipeline.tally().sent.sum()).isEqualTo(500);
        }
    }

    @Test
    void keepsRecordsInMemoryWhileTheDiskIsFullAndSendsThemFromThere() throws IOException {
        try (Tmpfs disk = Tmpfs.mount("256k")) {
            Path root = disk.folder();
            try (Pipeline pipeline = pipeline(root, 1 << 20, 1 << 30)) {
                Path ballast = disk.fill();
                SpoolTest.entries(0, 1000).forEach(pipeline::offer);
                await().until(() -> !pipeline.state().get("disk").equals("works"));

                gate.open = true;
                await().until(() -> gate.got.size() == 1000);

                assertThat(gate.got).doesNotHaveDuplicates();
                assertThat(pipeline.tally().dropped()).isZero();
                assertThat(ballast).exists();
            }
        }
    }

    @Test
    void countsWhatMemoryHasNoRoomForWhileTheDiskIsFull() throws IOException {
        try (Tmpfs disk = Tmpfs.mount("256k")) {
            Pipeline pipeline = pipeline(disk.folder(), 4096, 1 << 30);
            disk.fill();
            SpoolTest.entries(0, 1000).forEach(pipeline::offer);
            long taken = pipeline.tally().taken.sum();
            assertThat(pipeline.tally().dropped(Tally.Reason.QUEUE)).isEqualTo(1000 - taken);
            await().until(() -> !pipeline.state().get("disk").equals("works"));

            pipeline.close();

            assertThat(pipeline.tally().dropped() + pipeline.tally().sent.sum()).isBetween(1000 - taken, 1000L);
        }
    }

    @Test
    void dropsARecordThatIsTooLargeAlone() throws IOException {
        try (Pipeline pipeline = pipeline(folder, 64 << 20, 1 << 30)) {
            pipeline.offer(new Entry("a", new byte[9 << 20]));
            assertThat(pipeline.tally().dropped(Tally.Reason.SIZE)).isEqualTo(1);
        }
    }

    @Test
    void twoAtOnceHaveAFolderEachAndWhatOneLeavesTheOtherSends() throws IOException {
        Pipeline one = pipeline(folder, 1 << 20, 1 << 20);
        one.offer(new Entry("one", new byte[] {'{', '}'}));
        try (Pipeline other = pipeline(folder, 1 << 20, 1 << 20)) {
            other.offer(new Entry("other", new byte[] {'{', '}'}));
            assertThat(folder.resolve("spool-2")).isDirectory();
            one.close();
            gate.open = true;
            await().atMost(Duration.ofSeconds(20)).until(() -> gate.got.size() == 2);
            assertThat(gate.got).containsExactlyInAnyOrder("one", "other");
        }
    }

    /** Hangs in a send, as one does whose connection cannot be ended, until it is let go. */
    private static final class Hanging implements Output {

        private final CountDownLatch sending = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public Outcome send(List<Entry> entries, @Nullable Doubt doubt) {
            sending.countDown();
            boolean waits = true;
            while (waits) {
                try {
                    letGo.await();
                    waits = false;
                } catch (InterruptedException e) {
                    // it hangs
                }
            }
            Outcome outcome = new Outcome();
            outcome.arrived(entries.size());
            return outcome;
        }

        @Override
        public void close() {}
    }

    @Test
    void keepsItsFolderWhileItsThreadHangsThoughItIsClosed() throws Exception {
        Hanging hanging = new Hanging();
        Pipeline older = new Pipeline(hanging, folder, bounds(1 << 20, 1 << 20), System.getLogger("elk"));
        older.offer(new Entry("one", new byte[] {'{', '}'}));
        hanging.sending.await();
        older.close();

        gate.open = true;
        try (Pipeline newer = pipeline(folder, 1 << 20, 1 << 20)) {
            newer.offer(new Entry("two", new byte[] {'{', '}'}));
            await().until(() -> gate.got.contains("two"));
            assertThat(newer.state().get("folder"))
                    .isEqualTo(folder.resolve("spool-2").toString());
            hanging.letGo.countDown();
            await().until(() -> Checkpoint.read(folder.resolve("spool-1")).closed());
        }
        assertThat(gate.got).containsExactly("two");
        assertThat(older.tally().sent.sum()).isEqualTo(1);
    }

    @Test
    void whatCouldNotBeSentFromMemoryIsLeftOnADiskThatWorksAgain() throws IOException {
        try (Tmpfs disk = Tmpfs.mount("256k")) {
            Pipeline pipeline = pipeline(disk.folder(), 1 << 20, 1 << 30);
            Path ballast = disk.fill();
            SpoolTest.entries(0, 200).forEach(pipeline::offer);
            await().until(() -> !pipeline.state().get("disk").equals("works") && pipeline.trouble() != null);
            Files.delete(ballast);
            pipeline.close();
            assertThat(pipeline.tally().dropped()).isZero();

            gate.open = true;
            try (Pipeline next = pipeline(disk.folder(), 1 << 20, 1 << 30)) {
                await().until(() -> gate.got.size() == 200);
                assertThat(gate.got).doesNotHaveDuplicates();
                assertThat(next.tally().sent.sum()).isEqualTo(200);
            }
        }
    }

    @Test
    void sendsNoMoreFromMemoryTogetherThanABatchHas() throws IOException {
        try (Tmpfs disk = Tmpfs.mount("256k");
                Pipeline pipeline = pipeline(disk.folder(), 1 << 20, 1 << 30)) {
            disk.fill();
            SpoolTest.entries(0, 1000).forEach(pipeline::offer);
            await().until(() -> !pipeline.state().get("disk").equals("works"));
            gate.open = true;
            await().until(() -> gate.got.size() == 1000);
            assertThat(gate.most).isLessThanOrEqualTo(50);
        }
    }

    @Test
    void goesOnAfterAFaultOfItsOwn() throws IOException {
        gate.open = true;
        gate.faults = 2;
        try (Pipeline pipeline = pipeline(folder, 1 << 20, 1 << 20)) {
            SpoolTest.entries(0, 10).forEach(pipeline::offer);
            await().until(() -> gate.got.size() == 10);
            assertThat(pipeline.trouble()).isNull();
        }
    }

    @Test
    void saysThatItsSpoolCannotBeReadAndCountsWhatItPassesOver() throws IOException {
        try (Pipeline pipeline = pipeline(folder, 1 << 20, 1 << 20)) {
            SpoolTest.entries(0, 1000).forEach(pipeline::offer);
            await().until(() -> pipeline.queueBytes() == 0);
            Files.delete(folder.resolve("spool-1/0000000000000003.segment"));
            gate.open = true;

            await().until(() -> gate.got.contains("id-999"));

            assertThat(pipeline.tally().dropped(Tally.Reason.DAMAGE)).isEqualTo(1);
            assertThat(gate.got).doesNotHaveDuplicates().hasSizeGreaterThan(500);
        }
    }

    @Test
    void sendsWhatAStepThatIsGoneHasLeftForTheSameDestinationAndNotWhatIsForAnother() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        leave(gone, "http://a:9200 logs", 0, 10);
        leave(elsewhere, "http://b:9200 logs", 10, 20);
        gate.open = true;
        try (Pipeline pipeline = pipeline(Files.createDirectory(folder.resolve("here")), 1 << 20, 1 << 20)) {
            pipeline.adoptAllFor("http://a:9200 logs");
            await().atMost(Duration.ofSeconds(90)).until(() -> gate.got.size() == 10);
            assertThat(gate.got).isEqualTo(SpoolTest.ids(0, 10));
            assertThat(Segment.numbers(elsewhere.resolve("spool-1"))).isNotEmpty();
        }
    }

    private void leave(Path root, String destination, int from, int to) throws IOException {
        gate.open = false;
        try (Pipeline pipeline = pipeline(root, 1 << 20, 1 << 20)) {
            pipeline.adoptAllFor(destination);
            SpoolTest.entries(from, to).forEach(pipeline::offer);
        }
    }
}
