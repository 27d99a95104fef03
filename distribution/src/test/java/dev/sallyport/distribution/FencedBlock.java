package dev.sallyport.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A fenced block of a Markdown file: {@code ```yaml gateway.yaml}.
 *
 * @param line where it begins, 1 for the first
 * @param language the first word after the fence; {@code ""} where there is none
 * @param name the second, a file's name; {@code ""} where there is none
 * @param text what it holds
 */
record FencedBlock(Path file, int line, String language, String name, String text) {

    private static final String FENCE = "```";

    static List<FencedBlock> of(Path file) {
        try {
            return of(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<FencedBlock> of(Path file, List<String> lines) {
        List<FencedBlock> blocks = new ArrayList<>();
        StringBuilder text = null;
        String[] info = {};
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (text == null && line.startsWith(FENCE)) {
                info = line.substring(FENCE.length()).strip().split(" +");
                start = i + 1;
                text = new StringBuilder();
            } else if (text != null && line.strip().equals(FENCE)) {
                blocks.add(new FencedBlock(file, start, info[0], info.length > 1 ? info[1] : "", text.toString()));
                text = null;
            } else if (text != null) {
                text.append(line).append('\n');
            }
        }
        return blocks;
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
