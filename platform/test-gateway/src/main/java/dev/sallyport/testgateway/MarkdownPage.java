package dev.sallyport.testgateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page in Markdown, for tests that run what it shows.
 *
 * @param file where it is
 * @param fences its fenced blocks, in order
 */
public record MarkdownPage(Path file, List<Fence> fences) {

    private static final String MARK = "```";

    public MarkdownPage {
        fences = List.copyOf(fences);
    }

    /**
     * A fenced block.
     *
     * @param language what stands behind the opening mark: {@code yaml}; empty for nothing
     * @param heading the heading above it, without its marks; empty for none
     * @param line the line of its opening mark, from 1
     * @param text what is inside, each line with its end
     */
    public record Fence(String language, String heading, int line, String text) {}

    /** Reads a page. */
    public static MarkdownPage read(Path file) {
        List<Fence> fences = new ArrayList<>();
        try {
            String heading = "";
            String language = "";
            int opened = 0;
            int indent = 0;
            StringBuilder text = new StringBuilder();
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (opened > 0 && line.strip().equals(MARK)) {
                    fences.add(new Fence(language, heading, opened, text.toString()));
                    opened = 0;
                } else if (opened > 0) {
                    text.append(line.substring(Math.min(indent, line.length()))).append('\n');
                } else if (line.strip().startsWith(MARK)) {
                    language = line.strip().substring(MARK.length()).strip();
                    opened = i + 1;
                    indent = line.indexOf(MARK);
                    text.setLength(0);
                } else if (line.startsWith("#")) {
                    heading = line.replaceFirst("^#+ *", "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new MarkdownPage(file, fences);
    }

    /** The blocks in YAML. */
    public List<Fence> yaml() {
        return fences.stream().filter(fence -> fence.language().equals("yaml")).toList();
    }

    /**
     * The configurations in YAML under the heading {@code Example}, of the README in the working folder: what a plugin's
     * page promises.
     *
     * @throws IllegalStateException where there is none
     */
    public static List<String> examples() {
        Path readme = Path.of("README.md");
        List<String> examples = read(readme).yaml().stream()
                .filter(fence -> fence.heading().equals("Example"))
                .map(Fence::text)
                .toList();
        if (examples.isEmpty()) {
            throw new IllegalStateException(readme.toAbsolutePath()
                    + ": no block of yaml under the heading Example (expected: the plugin's page, with one)");
        }
        return examples;
    }
}
