package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {

    private static final long PLENTY = 1 << 30;

    @TempDir
    Path folder;

    private Spool open() throws IOException {
        return new Spool(folder, PLENTY, 16 << 20, Sync.EVERY_SECOND);
    }

    /** As a process does that is killed: nothing is closed in good order. */
    private Spool openAfterDeath() throws IOException {
        return open();
    }

    static List<Entry> entries(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Entry("id-" + i, ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    static List<String> ids(int from, int to) {
        return entries(from, to).stream().map(Entry::id).toList();
    }

    /** All that is there, in batches of that many. */
    private static List<String> readAll(Spool spool, int batch) throws IOException {
        List<String> ids = new ArrayList<>();
        for (Batch next = spool.read(batch, PLENTY); next != null; next = spool.read(batch, PLENTY)) {
            next.entries().forEach(entry -> ids.add(entry.id()));
            spool.done(next, null);
        }
        return ids;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void givesWhatItTookInTheSameOrder() throws IOException {
        try (Spool spool = open()) {
            spool.append(entries(0, 5));
            spool.append(entries(5, 1000));

            assertThat(readAll(spool, 7)).isEqualTo(ids(0, 1000));
            assertThat(spool.isEmpty()).isTrue();
        }
    }

    @Test
    void givesTheSameBatchUntilItIsDone() throws IOException {
        try (Spool spool = open()) {
            spool.append(entries(0, 10));

            assertThat(spool.read(3, PLENTY).entries()).extracting(Entry::id).isEqualTo(ids(0, 3));
            Batch again = spool.read(3, PLENTY);
            assertThat(again.entries()).extracting(Entry::id).isEqualTo(ids(0, 3));
            assertThat(again.doubt()).isNull();
        }
    }

    @Test
    void goesOnWhereItWasClosedWithoutDoubt() throws IOException {
        try (Spool spool = open()) {
            spool.append(entries(0, 10));
            spool.done(spool.read(4, PLENTY), "logs-000001");
        }
        try (Spool spool = open()) {
            spool.append(entries(10, 12));
            assertThat(spool.read(100, PLENTY).doubt()).isNull();
            assertThat(spool.place()).isEqualTo("logs-000001");
            assertThat(readAll(spool, 100)).isEqualTo(ids(4, 12));
        }
    }

    @Test
    void whatWasThereWhenTheProcessDiedIsInDoubtAndWhatComesLaterIsNot() throws IOException {
        Spool dead = open();
        dead.append(entries(0, 10));
        dead.done(dead.read(4, PLENTY), "logs-000001");

        try (Spool spool = openAfterDeath()) {
            spool.append(entries(10, 20));

            Batch old = spool.read(100, PLENTY);
            assertThat(old.entries()).extracting(Entry::id).isEqualTo(ids(4, 10));
            assertThat(old.doubt()).isEqualTo(new Doubt("logs-000001"));
            spool.done(old, "logs-000002");
            assertThat(spool.read(100, PLENTY).doubt()).isNull();
        }
    }

    @Test
    void aBatchInDoubtIsStillInDoubtAfterCloseAndNothingElseIs() throws IOException {
        try (Spool spool = open()) {
            spool.append(entries(0, 10));
            spool.done(spool.read(2, PLENTY), "logs-000001");
            spool.doubt(spool.read(3, PLENTY));
        }
        try (Spool spool = open()) {
            Batch batch = spool.read(100, PLENTY);
            assertThat(batch.entries()).extracting(Entry::id).isEqualTo(ids(2, 5));
            assertThat(batch.doubt()).isEqualTo(new Doubt("logs-000001"));
            spool.done(batch, "logs-000002");
            assertThat(spool.read(100, PLENTY).doubt()).isNull();
        }
    }

    @Test
    void anOlderDoubtKeepsItsOlderIndex() throws IOException {
        try (Spool spool = open()) {
            spool.append(entries(0, 10));
            spool.done(spool.read(1, PLENTY), "logs-000001");
            spool.doubt(spool.read(9, PLENTY));
            spool.done(spool.read(2, PLENTY), "logs-000005");
            spool.doubt(spool.read(2, PLENTY));

            assertThat(spool.read(2, PLENTY).doubt()).isEqualTo(new Doubt("logs-000001"));
        }
    }

    @Test
    void cutOffAtAnyByteItGivesAllWholeRecordsBeforeTheCut() throws IOException {
        Spool written = open();
        written.append(entries(0, 12));
        byte[] whole = Files.readAllBytes(segments().getFirst());
        int[] ends = new int[13];
        ends[0] = Segment.HEADER;
        for (int i = 0; i < 12; i++) {
            ends[i + 1] = ends[i] + entries(i, i + 1).getFirst().size();
        }
        assertThat(ends[12]).isEqualTo(whole.length);

        for (int cut = 0; cut <= whole.length; cut++) {
            Path torn = Files.createDirectory(folder.resolve("cut-" + cut));
            Files.write(torn.resolve("0000000000000001.segment"), Arrays.copyOf(whole, cut));
            int last = cut;
            int left =
                    (int) Arrays.stream(ends).skip(1).filter(end -> end <= last).count();

            try (Spool spool = new Spool(torn, PLENTY, PLENTY, Sync.EVERY_SECOND)) {
                spool.append(entries(100, 102));
                List<String> expected = new ArrayList<>(ids(0, left));
                expected.addAll(ids(100, 102));
                assertThat(readAll(spool, 5)).as("cut at %d", cut).isEqualTo(expected);
            }
        }
    }

    @Test
    void damagedAtAnyByteItGivesNothingWrongAndGoesOnWithTheNextSegment() throws IOException {
        try (Spool written = new Spool(folder, PLENTY, 200, Sync.NEVER)) {
            written.append(entries(0, 40));
        }
        byte[] whole = Files.readAllBytes(segments().getFirst());
        List<String> first = new ArrayList<>(ids(0, 40));
        assertThat(segments()).hasSizeGreaterThan(3);

        for (int at = 0; at < whole.length; at++) {
            Path copy = Files.createDirectory(folder.resolve("damage-" + at));
            for (Path segment : segments()) {
                Files.copy(segment, copy.resolve(segment.getFileName()));
            }
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x41;
            Files.write(copy.resolve(segments().getFirst().getFileName()), damaged);

            try (Spool spool = new Spool(copy, PLENTY, 200, Sync.NEVER)) {
                List<String> read = readAll(spool, 3);
                assertThat(first).as("damage at %d", at).containsSubsequence(read);
                assertThat(read).as("damage at %d", at).endsWith("id-38", "id-39");
                if (at >= Segment.HEADER) {
                    assertThat(spool.damagedBytes()).isPositive();
                }
            }
        }
    }

    @Test
    void aCheckpointThatIsNotWholeIsAsNone() throws IOException {
        Spool dead = open();
        dead.append(entries(0, 10));
        dead.done(dead.read(4, PLENTY), "logs-000001");
        byte[] whole = Files.readAllBytes(folder.resolve("checkpoint"));

        for (int cut = 0; cut < whole.length - "\n".length(); cut++) {
            Files.write(folder.resolve("checkpoint"), Arrays.copyOf(whole, cut));
            assertThat(Checkpoint.read(folder)).as("cut at %d", cut).isNull();
        }
        try (Spool spool = openAfterDeath()) {
            Batch all = spool.read(100, PLENTY);
            assertThat(all.entries()).extracting(Entry::id).isEqualTo(ids(0, 10));
            assertThat(all.doubt()).isEqualTo(new Doubt(null));
        }
    }

    @Test
    void takesNoMoreThanItsSizeAndAgainOnceSomethingHasArrived() throws IOException {
        try (Spool spool = new Spool(folder, 400, 100, Sync.NEVER)) {
            Spool.Appended appended = spool.append(entries(0, 1000));
            int taken = appended.taken();
            assertThat(appended.failure()).isNull();
            assertThat(taken).isBetween(5, 30);
            assertThat(spool.bytes()).isLessThanOrEqualTo(400);
            assertThat(spool.append(entries(0, 1)).taken()).isZero();

            assertThat(readAll(spool, 3)).isEqualTo(ids(0, taken));

            assertThat(spool.append(entries(0, 3)).taken()).isEqualTo(3);
            assertThat(readAll(spool, 3)).isEqualTo(ids(0, 3));
        }
    }

    @Test
    void leavesNoSegmentBehindOnceAllHasArrived() throws IOException {
        try (Spool spool = new Spool(folder, PLENTY, 100, Sync.ALWAYS)) {
            spool.append(entries(0, 100));
            assertThat(segments()).hasSizeGreaterThan(5);
            readAll(spool, 9);
            assertThat(segments()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(segments()).isEmpty();
        try (Spool spool = open()) {
            assertThat(spool.read(1, PLENTY)).isNull();
            spool.append(entries(0, 2));
            assertThat(readAll(spool, 9)).isEqualTo(ids(0, 2));
        }
    }

    @Test
    void keepsRecordsThatAreLongerThanWhatItReadsAtOnce() throws IOException {
        byte[] large = "x".repeat(3 << 20).getBytes(StandardCharsets.UTF_8);
        try (Spool spool = open()) {
            spool.append(List.of(new Entry("a", large), new Entry("b", new byte[] {'{', '}'}), new Entry("c", large)));
            Batch first = spool.read(10, 1);
            assertThat(first.entries()).hasSize(1);
            assertThat(first.entries().getFirst().json()).isEqualTo(large);
            assertThat(readAll(spool, 10)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void changesNothingOnceItIsClosed() throws IOException {
        Spool spool = open();
        spool.append(entries(0, 10));
        Batch batch = spool.read(4, PLENTY);
        spool.close();
        byte[] checkpoint = Files.readAllBytes(folder.resolve("checkpoint"));

        spool.done(batch, "logs-000001");
        spool.doubt(batch);
        Spool.Appended appended = spool.append(entries(10, 12));
        spool.close();

        assertThat(appended.taken()).isZero();
        assertThat(appended.failure()).isNotNull();
        assertThat(spool.read(4, PLENTY)).isNull();
        assertThat(Files.readAllBytes(folder.resolve("checkpoint"))).isEqualTo(checkpoint);
        assertThat(segments()).hasSize(1);
    }

    @Test
    void passesOverASegmentThatIsGoneAndCountsIt() throws IOException {
        try (Spool spool = new Spool(folder, PLENTY, 200, Sync.NEVER)) {
            spool.append(entries(0, 40));
            Files.delete(segments().get(1));

            List<String> read = readAll(spool, 3);

            assertThat(read).startsWith("id-0").endsWith("id-39").hasSizeBetween(25, 39);
            assertThat(spool.newDamages()).isEqualTo(1);
            assertThat(spool.newDamages()).isZero();
            assertThat(spool.damagedBytes()).isPositive();
            assertThat(spool.append(entries(40, 42)).taken()).isEqualTo(2);
            assertThat(readAll(spool, 3)).isEqualTo(ids(40, 42));
        }
    }

    @Test
    void goesOnThoughAReadSegmentIsGoneWhenItIsToBeDeleted() throws IOException {
        try (Spool spool = new Spool(folder, PLENTY, 200, Sync.NEVER)) {
            spool.append(entries(0, 40));
            Batch all = spool.read(100, PLENTY);
            Files.delete(segments().getFirst());

            spool.done(all, null);

            assertThat(spool.isEmpty()).isTrue();
            assertThat(Checkpoint.read(folder).at()).isEqualTo(all.to());
        }
    }

    @Test
    void countsATornTail() throws IOException {
        Spool dead = open();
        dead.append(entries(0, 3));
        byte[] whole = Files.readAllBytes(segments().getFirst());
        Files.write(segments().getFirst(), Arrays.copyOf(whole, whole.length - 2));
        try (Spool spool = openAfterDeath()) {
            assertThat(spool.newDamages()).isEqualTo(1);
        }
    }

    @Test
    void isNotLedAstrayByFilesOfOthers() throws IOException {
        Files.writeString(folder.resolve("0000000000 copy.segment"), "x");
        Files.writeString(folder.resolve("00000000000000aa.segment"), "x");
        try (Spool spool = open()) {
            spool.append(entries(0, 2));
            assertThat(readAll(spool, 5)).isEqualTo(ids(0, 2));
        }
    }

    @Test
    void beginsAFurtherSegmentWhereAFileOfItsNameIsThere() throws IOException {
        try (Spool spool = open()) {
            Files.writeString(folder.resolve("0000000000000001.segment"), "somebody else's");

            assertThat(spool.append(entries(0, 2)).failure()).isNotNull();
            assertThat(spool.append(entries(0, 2)).taken()).isEqualTo(2);
            assertThat(readAll(spool, 5)).isEqualTo(ids(0, 2));
        }
    }

    @Test
    void hasItsWholeSizeAgainWhereAllHasArrivedAndOneSegmentIsAsLargeAsAll() throws IOException {
        try (Spool spool = new Spool(folder, 400, 400, Sync.NEVER)) {
            int taken = spool.append(entries(0, 100)).taken();
            for (int i = 0; i < 5; i++) {
                assertThat(readAll(spool, 100)).hasSize(taken);
                assertThat(spool.append(entries(0, taken)).taken()).isEqualTo(taken);
            }
        }
    }
}
