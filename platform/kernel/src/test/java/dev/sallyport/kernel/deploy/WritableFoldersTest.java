package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sallyport.kernel.plugin.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders with code that others than their owner can write are refused, unless the configuration accepts it. */
final class WritableFoldersTest {

    private static final String YAML = "routes: []\n";

    @TempDir
    private Path home;

    @BeforeEach
    void assumePosix() throws IOException {
        assumeThat(Files.getFileStore(home).supportsFileAttributeView("posix"))
                .as("a file system with rights for group and others")
                .isTrue();
    }

    private Path open(String name, String rights) throws IOException {
        Path path = home.resolve(name);
        if (name.endsWith(".js")) {
            OwnerOnly.createFolder(home.resolve("scripts"));
            OwnerOnly.createFolder(path.getParent());
            Files.writeString(path, "export default 1;\n");
        } else {
            OwnerOnly.createFolder(path.getParent());
            OwnerOnly.createFolder(path);
        }
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plugins", "scripts", "scripts/lib", "scripts/lib/add.js"})
    void areRefusedAtStart(String name) throws Exception {
        Path path = open(name, "rwxrwxr-x");

        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> RunningGateway.in(home, YAML))
                .withMessage(
                        path + " can be written by its group, who could run code here (expected: by its owner alone);"
                                + " chmod go-w " + path + ", or accept it by folders: {writable: accepted}");
    }

    @Test
    void areAcceptedWhereTheConfigurationSaysSo() throws Exception {
        open("plugins", "rwxrwxrwx");
        open("scripts", "rwxrwxrwx");

        try (RunningGateway running = RunningGateway.in(home, "folders: {writable: accepted}\n" + YAML)) {
            assertThat(running.gateway().degraded()).isEmpty();
        }
    }

    @Test
    void refuseAChangeAndTheOldServesOn() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, YAML)) {
            open("scripts/late.js", "rw-rw-rw-");

            ReloadResult result = running.configure("routes: [{name: a, upstream: \"http://127.0.0.1:1\"}]\n");

            assertThat(result.applied()).isFalse();
            assertThat(result.problems().getFirst().message()).contains("late.js can be written by others");
            assertThat(running.gateway().generation().number()).isEqualTo(1);
        }
    }

    @Test
    void thatItMakesItselfAreFine() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, YAML)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("scripts"))))
                    .endsWith("r-xr-x");
            assertThat(running.gateway().degraded()).isEmpty();
        }
    }
}
