package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final PluginState STATE = new PluginState(
            Map.of("stamp", new PluginState.Serving("1.4.0", "aa")),
            Map.of("a.jar", new PluginState.Seen("stamp", "1.4.0", "aa", NOW)),
            Map.of("bb", new PluginState.Declined("stamp", "1.5.0", "rolled back to 1.4.0", NOW)),
            Map.of("cc", new PluginState.Installed("stamp", "1.6.0", "ci", NOW)),
            Map.of("stamp", List.of(new PluginState.Serving("1.2.0", "dd"), new PluginState.Serving("1.3.0", "ee"))));

    @TempDir
    Path data;

    @Test
    void readsWhatItWrote() throws IOException {
        new StateFile(data, PartFile.Observer.NONE).write(STATE);

        assertThat(new StateFile(data, PartFile.Observer.NONE).read()).isEqualTo(STATE);
        assertThat(STATE.hashes()).containsExactlyInAnyOrder("aa", "bb", "cc", "dd", "ee");
    }

    @Test
    void isEmptyWhereThereIsNone() throws IOException {
        assertThat(new StateFile(data, PartFile.Observer.NONE).read()).isEqualTo(PluginState.EMPTY);
    }

    @Test
    void keepsTheOldOneWhenWritingFails() throws IOException {
        new StateFile(data, PartFile.Observer.NONE).write(STATE);
        StateFile failing = new StateFile(data, step -> {
            if (step == PartFile.Step.RENAME) {
                throw new IOException("No space left on device");
            }
        });

        assertThatThrownBy(() -> failing.write(PluginState.EMPTY)).isInstanceOf(IOException.class);

        assertThat(failing.read()).isEqualTo(STATE);
        try (var files = Files.list(data)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void putsADamagedOneAside() throws IOException {
        Files.writeString(data.resolve("plugins.json"), "{\"serving\": {");

        assertThat(new StateFile(data, PartFile.Observer.NONE).read()).isEqualTo(PluginState.EMPTY);

        assertThat(data.resolve("plugins.json.damaged")).exists();
        assertThat(data.resolve("plugins.json")).doesNotExist();
    }
}
