package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.plan.Difference;
import dev.sallyport.kernel.plan.Differences;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How what is written differs from a generation to the next, key by key; secrets as references. Thread-safe. */
public final class GenerationDiff {

    /** Larger files are not compared: to read them takes longer than the change did. */
    private static final int MOST_CHARACTERS = 2 << 20;

    private static final int MOST_LINES = 200;

    private final History history;
    private final String main;

    /** @param configFile the main file */
    public GenerationDiff(History history, Path configFile) {
        this.history = history;
        this.main = String.valueOf(configFile.getFileName());
    }

    /** A line for each key that differs from the generation before; none where that is not kept. */
    public List<String> lines(GenerationRecord record) throws IOException {
        GenerationRecord before = history.find(record.number() - 1);
        if (before == null || before.files().equals(record.files())) {
            return List.of();
        }
        Map<String, String> old = changed(before, record);
        Map<String, String> now = changed(record, before);
        if (size(old) + size(now) > MOST_CHARACTERS) {
            return List.of("the files are too large to be compared here");
        }
        List<String> lines = new ArrayList<>();
        for (Difference each : Differences.between(WrittenConfig.of(main, old), WrittenConfig.of(main, now))) {
            String part = each.part() + " " + each.kind();
            if (each.kind() == Difference.Kind.CHANGED) {
                each.details().forEach(detail -> lines.add(part + ": " + detail));
            } else {
                lines.add(part);
            }
        }
        if (lines.size() > MOST_LINES) {
            int more = lines.size() - MOST_LINES;
            lines.subList(MOST_LINES, lines.size()).clear();
            lines.add("and " + more + " more");
        }
        return lines;
    }

    /** The texts of one that the other does not have. */
    private Map<String, String> changed(GenerationRecord one, GenerationRecord other) throws IOException {
        Map<String, String> hashes = new TreeMap<>(one.files());
        Predicate<Map.Entry<String, String>> same =
                file -> file.getValue().equals(other.files().get(file.getKey()));
        hashes.entrySet().removeIf(same);
        return history.texts(hashes);
    }

    private static long size(Map<String, String> texts) {
        return texts.values().stream().mapToLong(String::length).sum();
    }
}
