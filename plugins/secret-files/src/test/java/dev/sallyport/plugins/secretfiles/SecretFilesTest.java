package dev.sallyport.plugins.secretfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretFilesTest {

    @TempDir
    private Path home;

    private Path folder;

    @BeforeEach
    void make() throws Exception {
        folder = Files.createDirectories(home.resolve("mounted/deep")).getParent();
    }

    @ParameterizedTest
    @CsvSource({
        "word,word",
        "'word\n',word",
        "'word\r\n',word",
        "'word\n\n','word\n'",
        "'two\nlines','two\nlines'",
        "'',''"
    })
    void givesTheContentWithoutTheLineEndAtItsEnd(String content, String secret) throws Exception {
        Files.writeString(folder.resolve("key"), content);

        assertThat(new SecretFiles(folder).secret("key")).isEqualTo(secret);
    }

    @Test
    void findsFilesInFoldersBelow() throws Exception {
        Files.writeString(folder.resolve("deep/key"), "deep");

        assertThat(new SecretFiles(folder).secret("deep/key")).isEqualTo("deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "../outside", "deep/../../outside", "deep", "", "link", "a\0b"})
    void hasNothingElse(String key) throws Exception {
        Files.writeString(home.resolve("outside"), "hidden");
        Files.createSymbolicLink(folder.resolve("link"), home.resolve("outside"));

        assertThat(new SecretFiles(folder).secret(key)).isNull();
        assertThat(new SecretFiles(folder).secret(home.resolve("outside").toString()))
                .isNull();
    }

    /** As the kubelet does it: all files are links through one that is exchanged. */
    @Test
    void followsAnExchangeOfAllFilesAtOnce() throws Exception {
        Files.createDirectories(folder.resolve("..1"));
        Files.writeString(folder.resolve("..1/key"), "one");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("key"), Path.of("..data/key"));
        SecretFiles source = new SecretFiles(folder);
        assertThat(source.secret("key")).isEqualTo("one");

        Files.createDirectories(folder.resolve("..2"));
        Files.writeString(folder.resolve("..2/key"), "two");
        Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2"));
        Files.move(folder.resolve("..tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(source.secret("key")).isEqualTo("two");
    }

    @Test
    void refusesWhatIsNoText() throws Exception {
        Files.write(folder.resolve("key"), new byte[] {(byte) 0xff, 0x41});
        Files.write(folder.resolve("long"), new byte[(1 << 20) + 1]);

        assertThatIOException()
                .isThrownBy(() -> new SecretFiles(folder).secret("key"))
                .withMessage("key is no text in UTF-8");
        assertThatIOException()
                .isThrownBy(() -> new SecretFiles(folder).secret("long"))
                .withMessage("long is longer than 1MiB");
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        try (FakeContext context = FakeContext.create()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() ->
                            new SecretFilesFactory().create(new SecretFilesConfig(home.resolve("absent")), context))
                    .returns("path", ConfigException::key)
                    .withMessageContaining("(expected: a folder)");
        }
    }
}
