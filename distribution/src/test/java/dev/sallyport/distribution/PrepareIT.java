package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sallyport prepare} makes starts faster where it was run, and harms none where what it made does not fit. */
final class PrepareIT {

    private static final String SHARED = "shared objects file";

    private Path installation;

    @BeforeEach
    void unpack() throws IOException {
        installation = Folders.temporary("an installation");
        for (String part : List.of("bin", "lib", "plugins", "demo")) {
            Folders.copy(Product.UNPACKED.resolve(part), installation.resolve(part));
        }
        Files.deleteIfExists(cache());
        Files.deleteIfExists(cacheOfScripts());
        Files.deleteIfExists(installation.resolve("lib/known-plugins.txt"));
    }

    @AfterEach
    void delete() {
        Folders.delete(installation);
    }

    private Path cache() {
        return installation.resolve("lib/sallyport.aot");
    }

    private Path cacheOfScripts() {
        return installation.resolve("lib/sallyport-scripts.aot");
    }

    private Command sallyport(Map<String, String> variables, String... arguments) {
        return Command.in(
                installation,
                with(variables),
                Stream.concat(Stream.of(installation.resolve("bin/sallyport").toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private static Map<String, String> with(Map<String, String> variables) {
        Map<String, String> all = new java.util.HashMap<>(Product.environment());
        all.putAll(variables);
        return all;
    }

    /** How many of the kernel's classes come from the cache, while that command runs. */
    private long fromCache(String... arguments) throws IOException {
        Path loaded = installation.resolve("loaded.txt");
        sallyport(Map.of("JAVA_OPTS", "-Xlog:class+load:file=loaded.txt:none"), arguments)
                .succeeds();
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.filter(line -> line.startsWith("dev.sallyport.kernel.") && line.contains(SHARED))
                    .count();
        }
    }

    @Test
    void startsTakeWhatItMade() throws IOException {
        assertThat(fromCache("--version")).isZero();

        sallyport(Map.of(), "prepare").succeeds();

        assertThat(fromCache("--version")).isPositive();
        assertThat(fromCache("demo", "--once")).isGreaterThan(500);
        assertThat(Files.size(cache())).isLessThan(Files.size(cacheOfScripts()) * 3 / 4);
        assertThat(installation.resolve("lib/known-plugins.txt")).content().contains("sound ");
        assertThat(installation.resolve("lib")).isDirectoryNotContaining("glob:**.{part,config,log}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        run                             | plugins: [{javascript: {script: a.js}}] | | scripts
        run --config=conf/gateway.yaml  | plugins: [{javascript: {script: a.js}}] | | scripts
        run --config conf/gateway.yaml  | routes: [] | plugins: [{javascript: {script: a.js}}] | scripts
        run                             | routes: [] | routes: [] | plain
        run --config=elsewhere/some.yaml | plugins: [{javascript: {script: a.js}}] | | plain
        check --config=conf/gateway.yaml | plugins: [{javascript: {script: a.js}}] | | plain
        demo                            | routes: [] | | scripts
        """)
    void theEngineOfScriptsIsInTheCacheOfThoseWhoRunAny(
            String command, String config, @Nullable String beside, String cache) throws IOException {
        Files.writeString(cache(), "");
        Files.writeString(cacheOfScripts(), "");
        Files.createDirectories(installation.resolve("conf/routes"));
        Files.writeString(installation.resolve("conf/gateway.yaml"), config);
        if (beside != null) {
            Files.writeString(installation.resolve("conf/routes/more.yaml"), beside);
        }
        Path java = Files.createDirectories(installation.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(installation.resolve("java/release"), "JAVA_VERSION=\"25.0.3\"\n");

        Map<String, String> thatJava =
                Map.of("JAVA25_HOME", installation.resolve("java").toString());

        assertThat(sallyport(thatJava, command.split(" ")).succeeds().out())
                .contains("-XX:AOTCache=" + (cache.equals("plain") ? cache() : cacheOfScripts()) + " ");
    }

    @Test
    void aCacheThatDoesNotFitIsLeftAside() throws IOException {
        Files.writeString(cache(), "no cache at all");
        Files.writeString(cacheOfScripts(), "no cache at all");

        Command asked = sallyport(Map.of(), "--version").succeeds();

        assertThat(asked.out()).startsWith("sallyport ").hasLineCount(1);
        assertThat(asked.err()).isEmpty();
        assertThat(sallyport(Map.of(), "demo", "--once").succeeds().out()).contains("< 200");
    }

    @Test
    void helpMakesNone() {
        sallyport(Map.of(), "prepare", "--help").succeeds();

        assertThat(cache()).doesNotExist();
    }

    @Test
    void saysWhyItCannotBe() throws IOException {
        Folders.delete(installation.resolve("demo"));

        Command refused = sallyport(Map.of(), "prepare");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("no demo here", "no cache was made");
        assertThat(cache()).doesNotExist();
        assertThat(cacheOfScripts()).doesNotExist();
    }
}
