package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sallyport.kernel.lint.Finding;
import dev.sallyport.kernel.lint.Lint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every configuration that the project has, of its documentation, its distribution and its tests, changed at random: each
 * is read or refused with places that are in its files, in bounded time and memory, and none breaks the reader or lint.
 */
final class MutatedConfigsTest {

    private static final int RUNS = Boolean.getBoolean("sallyport.proof") ? 100_000 : 3_000;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long MOST_ALLOCATED = 256L << 20;

    @TempDir
    Path home;

    private Folder folder;
    private int valid;
    private long mostAllocated;

    @Test
    void neverBreaksTheReader() throws IOException {
        List<String> seeds = Seeds.all();
        assertThat(seeds).hasSizeGreaterThan(250);
        BrokenConfigs.surroundings(home);
        folder = new Folder(home);
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(run);
            Mutation mutation = new Mutation(seeds, random);
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put("gateway.yaml", mutation.main());
            for (int i = random.nextInt(3); i > 0; i--) {
                files.put("conf.d/" + i + ".yaml", mutation.mutated());
            }
            replace(files);
            int number = run;
            Assertions.assertTimeoutPreemptively(LONGEST, () -> read(number, files), () -> "run " + number);
        }
        System.out.println("Mutated configurations: " + RUNS + " read, " + valid + " of them valid; at most "
                + (mostAllocated >> 20) + " MiB allocated for one");
        assertThat(valid).isBetween(RUNS / 100, RUNS * 9 / 10);
    }

    private void replace(Map<String, byte[]> files) throws IOException {
        Path includes = Files.createDirectories(home.resolve("conf/conf.d"));
        try (Stream<Path> old = Files.list(includes)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(home.resolve("conf").resolve(file.getKey()), file.getValue());
        }
    }

    private void read(int run, Map<String, byte[]> files) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Reading reading = folder.read();
        Lint lint = Lint.of(reading, new SamplePlugin());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        mostAllocated = Math.max(mostAllocated, allocated);
        valid += reading.config() == null ? 0 : 1;

        String told = "run " + run + ": " + reading.problems() + "\n"
                + files.entrySet().stream()
                        .map(file -> "@@ " + file.getKey() + "\n" + new String(file.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("\n"));
        assertThat(allocated).as(told).isLessThan(MOST_ALLOCATED);
        assertThat(reading.config() == null)
                .as(told)
                .isEqualTo(!reading.errors().isEmpty());
        for (ConfigProblem problem : reading.problems()) {
            assertThat(problem.message()).as(told).contains(" (expected: ").doesNotContain("s3cr3t");
            assertThat(isIn(problem.place(), files)).as(problem + "\n" + told).isTrue();
        }
        for (Finding finding : lint.findings()) {
            assertThat(finding.message()).as(told).contains("; ").doesNotContain("s3cr3t");
            assertThat(isIn(finding.place(), files)).as(finding + "\n" + told).isTrue();
        }
    }

    /** Whether there is such a place: up to one behind the last character of a line. */
    private static boolean isIn(Place place, Map<String, byte[]> files) {
        byte[] bytes = files.get(place.file());
        if (bytes == null) {
            return false;
        }
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1);
        if (place.line() < 1 || place.line() > lines.length || place.column() < 1) {
            return false;
        }
        String line = lines[place.line() - 1];
        return place.column() <= line.codePointCount(0, line.length()) + 1;
    }
}
