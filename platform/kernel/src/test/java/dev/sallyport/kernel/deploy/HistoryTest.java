package dev.sallyport.kernel.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.kernel.deploy.GenerationRecord.PluginUsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTest {

    private static final Map<String, String> FILES = Map.of("gateway.yaml", "version: 1\n");
    private static final Map<String, byte[]> SCRIPTS = Map.of("a.js", "export default 1".getBytes(UTF_8));

    @TempDir
    private Path data;

    private static GenerationRecord facts(int number) {
        return new GenerationRecord(
                number,
                Instant.parse("2026-01-01T00:00:00Z"),
                "ann",
                "test",
                "",
                null,
                Map.of(),
                Map.of(),
                List.of(new PluginUsed("hello", "1.0." + number, "0123456789abcdef" + number, true)),
                Map.of("route a", "digest"),
                Map.of(),
                List.of());
    }

    @Test
    void keepsWhatAGenerationWasMadeOf() throws IOException {
        History history = History.in(data);
        history.add(facts(1), FILES, SCRIPTS, null);

        History later = History.in(data);

        GenerationRecord record = later.find(1);
        assertThat(record).isNotNull().isEqualTo(history.find(1));
        assertThat(later.next()).isEqualTo(2);
        assertThat(later.contents(record.files()).get("gateway.yaml")).isEqualTo("version: 1\n".getBytes(UTF_8));
        assertThat(later.contents(record.scripts()).get("a.js")).isEqualTo("export default 1".getBytes(UTF_8));
        assertThat(later.jars()).containsExactly("0123456789abcdef1");
    }

    @Test
    void isWholeWheneverAWriteIsCutOff() throws IOException {
        History.in(data).add(facts(1), FILES, SCRIPTS, null);
        int steps = 0;
        boolean more = true;
        while (more) {
            int failAt = steps++;
            int[] seen = {0};
            History cut = new History(data, step -> {
                if (seen[0]++ == failAt) {
                    throw new IOException("killed");
                }
            });
            int number = cut.next();
            try {
                cut.add(facts(number), Map.of("gateway.yaml", "# " + failAt), SCRIPTS, cut.find(1));
                more = false;
            } catch (IOException killed) {
                assertThat(killed).hasMessage("killed");
            }

            History after = History.in(data);

            assertThat(after.find(1)).isNotNull();
            for (GenerationRecord record : after.newestFirst()) {
                assertThat(after.contents(record.files())).isNotEmpty();
            }
        }
        assertThat(steps).as("both files were cut off at each of their steps").isGreaterThan(8);
        try (Stream<Path> left = Files.walk(data)) {
            assertThat(left.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void putsADamagedRecordAside() throws IOException {
        History.in(data).add(facts(1), FILES, SCRIPTS, null);
        Files.writeString(data.resolve("generations/2.json"), "{\"number\": 2");

        History later = History.in(data);

        assertThat(later.newestFirst()).hasSize(1);
        assertThat(data.resolve("generations/2.json.damaged")).exists();
    }

    @Test
    void doesNotGiveOutWhatWasChanged() throws IOException {
        History history = History.in(data);
        history.add(facts(1), FILES, SCRIPTS, null);
        GenerationRecord record = history.newestFirst().getFirst();
        Files.writeString(data.resolve("objects").resolve(record.files().get("gateway.yaml")), "changed");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> history.contents(record.files()))
                .withMessageContaining("gateway.yaml")
                .withMessageContaining("damaged");
    }

    @Test
    void forgetsTheOldestButNotTheHeldOne() throws IOException {
        History history = History.in(data);
        history.add(facts(1), Map.of("gateway.yaml", "# 1"), SCRIPTS, null);
        history.hold(new Hold(1, "ann", "", Instant.parse("2026-01-01T00:00:00Z")));
        for (int number = 2; number <= History.KEPT + 5; number++) {
            history.add(facts(number), Map.of("gateway.yaml", "# " + number), SCRIPTS, history.find(number - 1));
        }

        History later = History.in(data);

        assertThat(later.newestFirst()).hasSize(History.KEPT);
        assertThat(later.find(1)).isNotNull();
        assertThat(later.find(2)).isNull();
        assertThat(later.hold()).isEqualTo(history.hold());
        try (Stream<Path> objects = Files.list(data.resolve("objects"))) {
            assertThat(objects).hasSize(History.KEPT + 1);
        }
    }

    @Test
    void tellsDifferencesInAFewWords() {
        GenerationRecord before = facts(1);
        GenerationRecord after = facts(2);

        assertThat(after.changes(before)).containsExactly("plugin hello changed: 1.0.1 01234567 to 1.0.2 01234567");
        assertThat(before.changes(before)).isEmpty();
    }
}
