package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations that are wrong, with every message that they cause: {@link BrokenConfigs}. Run with
 * {@code -Dsallyport.rewrite=true} to write down what is said now, and read the difference.
 */
final class BrokenConfigsTest {

    @TempDir
    Path home;

    static Stream<BrokenConfigs.Case> cases() {
        return BrokenConfigs.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatIsWrongAndWhere(BrokenConfigs.Case broken) throws IOException {
        List<String> messages = messages(broken);

        assertThat(String.join("\n", messages)).isEqualTo(broken.messages());
        assertThat(messages)
                .allSatisfy(message -> assertThat(message)
                        .matches("(?s)((warning|lint) )?\\S+:\\d+:\\d+[ :].*\\(expected: .*\\).*[;,] .+|.*did"
                                + " you mean .+"));
        assertThat(messages).noneMatch(message -> message.contains("s3cr3t"));
    }

    @Test
    void coversEnough() throws IOException {
        assertThat(BrokenConfigs.all().stream().filter(BrokenConfigs.Case::isRefused))
                .hasSizeGreaterThanOrEqualTo(180);
        assertThat(BrokenConfigs.all()).extracting(BrokenConfigs.Case::files).doesNotHaveDuplicates();
        if (Boolean.getBoolean("sallyport.rewrite")) {
            rewrite();
        }
    }

    private void rewrite() throws IOException {
        for (Path file : BrokenConfigs.files()) {
            StringBuilder text = new StringBuilder();
            for (BrokenConfigs.Case broken : BrokenConfigs.of(file)) {
                home = Files.createTempDirectory("rewrite");
                text.append("=== ").append(broken.name()).append('\n');
                text.append(broken.files()).append("---\n");
                text.append(String.join("\n", messages(broken))).append("\n\n");
            }
            Files.writeString(file, text.toString());
        }
    }

    private List<String> messages(BrokenConfigs.Case broken) throws IOException {
        BrokenConfigs.surroundings(home);
        for (Map.Entry<String, byte[]> file : new ArrayList<>(broken.contents().entrySet())) {
            Path path = home.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        String root = home.toAbsolutePath().toString();
        return Folder.texts(new Folder(home).read()).stream()
                .map(message -> message.replace(root, "HOME"))
                .toList();
    }
}
