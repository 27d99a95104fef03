package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.distribution.conformance.Case;
import dev.sallyport.distribution.conformance.Outcomes;
import dev.sallyport.kernel.config.ConfigTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The page of conformance holds all cases; {@code -Dsallyport.rewrite=true} writes its tables anew. */
final class ConformancePageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "conformance.md");

    @Test
    void holdsAllCasesAndWhatCameOfThem() throws IOException {
        String written = Files.readString(PAGE);

        String generated = ConfigTable.put(ConfigTable.put(written, "sums", sums()), "cases", cases());

        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(written).isEqualTo(generated);
    }

    @Test
    void casesHaveNamesOfTheirOwnAndTheirSentence() {
        Set<String> names = new HashSet<>();
        for (Case one : Case.all()) {
            assertThat(names.add(one.id())).as(one.id()).isTrue();
            assertThat(one.rfc()).as(one.id()).isNotBlank();
            assertThat(one.says()).as(one.id()).isNotBlank();
        }
        assertThat(names.size()).isGreaterThanOrEqualTo(150);
    }

    private static String sums() {
        StringBuilder table =
                new StringBuilder("| peer | cases | as expected | not | not applicable, or on purpose otherwise |\n"
                        + "| --- | --- | --- | --- | --- |\n");
        for (String peer : Outcomes.PEERS) {
            Map<String, String> cells = Outcomes.read("conformance", peer);
            long yes = cells.values().stream().filter("yes"::equals).count();
            long no = cells.values().stream()
                    .filter(cell -> cell.startsWith("no: "))
                    .count();
            if (!cells.isEmpty()) {
                table.append(
                        "| %s | %d | %d | %d | %d |\n".formatted(peer, cells.size(), yes, no, cells.size() - yes - no));
            }
        }
        return table.toString();
    }

    private static String cases() {
        Map<String, Map<String, String>> outcomes = new TreeMap<>();
        Outcomes.PEERS.forEach(peer -> outcomes.put(peer, Outcomes.read("conformance", peer)));
        List<String> peers = Outcomes.PEERS.stream()
                .filter(peer -> !outcomes.get(peer).isEmpty())
                .toList();
        StringBuilder table = new StringBuilder();
        String area = "";
        for (Case one : Case.all()) {
            if (!one.area().equals(area)) {
                area = one.area();
                table.append("\n### ")
                        .append(area)
                        .append("\n\n| case | from | ")
                        .append(String.join(" | ", peers))
                        .append(" |\n");
                table.append("| --- | --- |")
                        .append(" --- |".repeat(peers.size()))
                        .append('\n');
            }
            table.append("| `").append(one.id()).append("` | ").append(one.rfc());
            for (String peer : peers) {
                table.append(" | ").append(escaped(outcomes.get(peer).getOrDefault(one.id(), "not run")));
            }
            table.append(" |\n");
        }
        return table.toString();
    }

    static String escaped(String cell) {
        return cell.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("`", "'");
    }
}
