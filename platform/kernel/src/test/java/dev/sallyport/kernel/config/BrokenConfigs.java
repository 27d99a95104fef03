package dev.sallyport.kernel.config;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of {@code src/test/resources/config/broken}. A case is a line {@code === name}, the main file (other files
 * after {@code @@ name}), a line {@code ---}, and all messages that it causes. In a file, {@code <TAB>} and {@code <BELL>}
 * stand for these, {@code <xE4>} for a byte, and {@code <80*[>} for eighty brackets.
 */
final class BrokenConfigs {

    static final Path FOLDER = Path.of("src/test/resources/config/broken");

    private static final Pattern MACRO = Pattern.compile("<(?:(TAB)|(BELL)|x([0-9A-F]{2})|(\\d+)\\*([^>]+))>");

    private BrokenConfigs() {}

    /** One of them. */
    record Case(String name, String files, String messages) {

        /** Whether the configuration is refused for it. */
        boolean isRefused() {
            return messages.lines().anyMatch(line -> !line.startsWith("warning ") && !line.startsWith("lint "));
        }

        /** What stands in which file; the main file first, in a folder conf beside which secrets and data are. */
        Map<String, byte[]> contents() {
            Map<String, byte[]> contents = new LinkedHashMap<>();
            String[] parts = files.split("(?m)^@@ ");
            String main = parts[0].stripTrailing();
            contents.put(
                    "conf/gateway.yaml",
                    bytes(
                            main.contains("listeners:")
                                    ? main
                                    : main + "\nlisteners: [{name: web, address: '127.0.0.1:0'}]\n"));
            for (int i = 1; i < parts.length; i++) {
                int line = parts[i].indexOf('\n');
                contents.put(parts[i].substring(0, line), bytes(parts[i].substring(line + 1)));
            }
            return contents;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        files().forEach(file -> cases.addAll(of(file)));
        return cases;
    }

    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Case> of(Path file) {
        List<Case> cases = new ArrayList<>();
        try {
            for (String section : Files.readString(file).split("(?m)^=== ")) {
                if (!section.isBlank()) {
                    int line = section.indexOf('\n');
                    String[] parts = section.substring(line + 1).split("(?m)^---\n", -1);
                    cases.add(new Case(section.substring(0, line), parts[0], parts[parts.length - 1].strip()));
                }
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What every case may refer to. */
    static void surroundings(Path home) {
        new Folder(home)
                .write("secrets/password", "s3cr3t-of-file\n")
                .write("data/state", "x")
                .write("conf/near", "x");
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher macro = MACRO.matcher(text);
        int end = 0;
        while (macro.find()) {
            bytes.writeBytes(text.substring(end, macro.start()).getBytes(StandardCharsets.UTF_8));
            end = macro.end();
            if (macro.group(1) != null) {
                bytes.write('\t');
            } else if (macro.group(2) != null) {
                bytes.write(7);
            } else if (macro.group(3) != null) {
                bytes.write(Integer.parseInt(macro.group(3), 16));
            } else {
                bytes.writeBytes(macro.group(5)
                        .replace("\\n", "\n")
                        .repeat(Integer.parseInt(macro.group(4)))
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        bytes.writeBytes(text.substring(end).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
