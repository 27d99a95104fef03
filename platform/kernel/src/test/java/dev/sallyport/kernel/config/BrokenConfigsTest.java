package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations that are wrong, with every message that they cause: {@code src/test/resources/config/broken}. A case is
 * a line {@code === name}, the main file (other files after {@code @@ name}), a line {@code ---}, and the messages. Run
 * with {@code -Dsallyport.rewrite=true} to write down what is said now, and read the difference.
 */
final class BrokenConfigsTest {

    private static final Path CASES = Path.of("src/test/resources/config/broken");

    @TempDir
    Path home;

    private record Case(String name, String files, String messages) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        return all().stream();
    }

    private static List<Case> all() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(CASES)) {
            for (Path file : files.sorted().toList()) {
                cases.addAll(of(file));
            }
        }
        return cases;
    }

    private static List<Case> of(Path file) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String section : Files.readString(file).split("(?m)^=== ")) {
            if (!section.isBlank()) {
                int line = section.indexOf('\n');
                String[] parts = section.substring(line + 1).split("(?m)^---\n", -1);
                cases.add(new Case(section.substring(0, line), parts[0], parts[parts.length - 1].strip()));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatIsWrongAndWhere(Case broken) {
        List<String> messages = messages(broken);

        assertThat(String.join("\n", messages)).isEqualTo(broken.messages());
        assertThat(messages)
                .allSatisfy(message ->
                        assertThat(message).matches("(?s)(warning )?\\S+:\\d+:\\d+[ :].*\\(expected: .*\\).*"));
        assertThat(messages).noneMatch(message -> message.contains("s3cr3t"));
    }

    @Test
    void coversEnough() throws IOException {
        assertThat(all()).hasSizeGreaterThan(100);
        if (Boolean.getBoolean("sallyport.rewrite")) {
            rewrite();
        }
    }

    private void rewrite() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            for (Path file : files.sorted().toList()) {
                StringBuilder text = new StringBuilder();
                for (Case broken : of(file)) {
                    home = Files.createTempDirectory("rewrite");
                    text.append("=== ").append(broken.name()).append('\n');
                    text.append(broken.files()).append("---\n");
                    text.append(String.join("\n", messages(broken))).append("\n\n");
                }
                Files.writeString(file, text.toString());
            }
        }
    }

    private List<String> messages(Case broken) {
        Folder folder = new Folder(home);
        folder.write("secrets/password", "s3cr3t-of-file\n")
                .write("data/state", "x")
                .write("conf/near", "x");
        String[] files = broken.files()
                .replace("<TAB>", "\t")
                .replace("<BELL>", "\u0007")
                .split("(?m)^@@ ");
        folder.main(files[0].stripTrailing());
        for (int i = 1; i < files.length; i++) {
            int line = files[i].indexOf('\n');
            folder.write(files[i].substring(0, line), files[i].substring(line + 1));
        }
        String root = home.toAbsolutePath().toString();
        return Folder.texts(folder.read()).stream()
                .map(message -> message.replace(root, "HOME"))
                .toList();
    }
}
