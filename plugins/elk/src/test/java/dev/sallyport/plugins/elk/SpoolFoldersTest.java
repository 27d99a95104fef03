package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolFoldersTest {

    @TempDir
    Path root;

    /** Claims a folder, as another process would. */
    public static void main(String[] arguments) throws IOException {
        System.out.print(SpoolFolders.claim(Path.of(arguments[0])).path().getFileName());
    }

    private String claimedByAnotherProcess() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpoolFoldersTest.class.getName(),
                        root.toString())
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void keepsItsLockAgainstOtherProcessesThoughThisOneLooksForFoldersWithoutOwner() throws IOException {
        try (SpoolFolders.Owned owned = SpoolFolders.claim(root)) {
            Files.write(Segment.file(owned.path(), 1), new byte[0]);

            assertThat(SpoolFolders.orphans(root, null)).isEmpty();

            assertThat(claimedByAnotherProcess()).isEqualTo("spool-2");
        }
        assertThat(claimedByAnotherProcess()).isEqualTo("spool-1");
    }

    @Test
    void findsTheFoldersOfOneDestination() throws IOException {
        for (String destination : new String[] {"a", "b"}) {
            Path folder = Files.createDirectories(root.resolve("spool-" + destination));
            SpoolFolders.setDestination(folder, destination);
            Files.write(Segment.file(folder, 1), new byte[0]);
        }
        assertThat(SpoolFolders.orphans(root, "b")).singleElement().satisfies(found -> {
            assertThat(found.path()).isEqualTo(root.resolve("spool-b"));
            found.close();
        });
    }
}
