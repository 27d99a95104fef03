package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The types of scripts, by TypeScript's own compiler, where Node is installed. */
final class ScriptTypesIT {

    private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();
    private static Path folder;
    private static Path compiler;

    @BeforeAll
    static void unpackTheCompiler() throws Exception {
        assumeTrue(nodeIsThere(), "node is not installed: the types of scripts are not checked");
        folder = Folders.temporary("types");
        URL pom = ScriptTypesIT.class.getResource("/META-INF/maven/org.webjars.npm/typescript/pom.xml");
        URI jar = URI.create(pom.toString().substring(0, pom.toString().indexOf('!')));
        try (FileSystem inside = FileSystems.newFileSystem(jar, Map.of())) {
            try (Stream<Path> all = Files.walk(inside.getPath("META-INF/resources/webjars/typescript"), 3)) {
                Path lib = all.filter(path -> path.endsWith("lib")).findFirst().orElseThrow();
                try (Stream<Path> files = Files.list(lib)) {
                    Path to = Files.createDirectories(folder.resolve("typescript/lib"));
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Files.copy(
                                file, to.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
        compiler = folder.resolve("typescript/lib/tsc.js");
    }

    @AfterAll
    static void delete() {
        if (folder != null) {
            Folders.delete(folder);
        }
    }

    private static boolean nodeIsThere() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static List<String> compile(Path project) throws Exception {
        Process process = new ProcessBuilder("node", compiler.toString(), "-p", project.toString(), "--noEmit")
                .redirectErrorStream(true)
                .start();
        List<String> lines;
        try (InputStream out = process.getInputStream()) {
            lines = new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return lines;
    }

    @Test
    void theShippedScriptsFitThem() throws Exception {
        assertThat(compile(SCRIPTS.resolve("jsconfig.json"))).isEmpty();
    }

    /** Each of the lines that must be refused says so; one that is not refused is an error, as is any other one. */
    @Test
    void theyAllowWhatThereIsAndNothingElse() throws Exception {
        Path project = folder.resolve("project");
        Folders.copy(SCRIPTS.resolve("types"), project.resolve("types"));
        Files.copy(SCRIPTS.resolve("jsconfig.json"), project.resolve("jsconfig.json"));
        try (InputStream sample = ScriptTypesIT.class.getResourceAsStream("/scripts/types.js")) {
            Files.copy(sample, project.resolve("types.js"));
        }

        assertThat(compile(project.resolve("jsconfig.json"))).isEmpty();
    }
}
