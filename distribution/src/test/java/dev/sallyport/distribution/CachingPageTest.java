package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.distribution.conformance.CachingCase;
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

/** The page of caching holds all cases; {@code -Dsallyport.rewrite=true} writes its tables anew. */
final class CachingPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "caching.md");
    private static final List<String> PEERS = List.of("sallyport", "nginx");
    private static final List<String> LEVELS = List.of("must", "should", "policy");

    private final List<CachingCase> cases = CachingCase.all();

    @Test
    void holdsAllCasesAndWhatCameOfThem() throws IOException {
        String written = Files.readString(PAGE);
        Map<String, Map<String, String>> outcomes = new TreeMap<>();
        PEERS.forEach(peer -> outcomes.put(peer, Outcomes.read("caching", peer)));

        String generated = ConfigTable.put(ConfigTable.put(written, "sums", sums(outcomes)), "cases", table(outcomes));

        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(written).isEqualTo(generated);
    }

    @Test
    void casesHaveNamesOfTheirOwnAndTheirSentence() {
        Set<String> names = new HashSet<>();
        for (CachingCase one : cases) {
            assertThat(names.add(one.id())).as(one.id()).isTrue();
            assertThat(one.rfc()).as(one.id()).isNotBlank();
            assertThat(one.says()).as(one.id()).isNotBlank();
            assertThat(LEVELS).as(one.id()).contains(one.level());
        }
        assertThat(names.size()).isGreaterThanOrEqualTo(300);
    }

    private String sums(Map<String, Map<String, String>> outcomes) {
        StringBuilder table = new StringBuilder("| peer | level | cases | as expected | not | not applicable, or on"
                + " purpose otherwise |\n| --- | --- | --- | --- | --- | --- |\n");
        for (String peer : PEERS) {
            for (String level : LEVELS) {
                List<String> cells = cases.stream()
                        .filter(one -> one.level().equals(level))
                        .map(one -> outcomes.get(peer).getOrDefault(one.id(), "not run"))
                        .toList();
                long yes = cells.stream().filter("yes"::equals).count();
                long no = cells.stream().filter(cell -> cell.startsWith("no: ")).count();
                table.append("| %s | %s | %d | %d | %d | %d |\n"
                        .formatted(peer, level, cells.size(), yes, no, cells.size() - yes - no));
            }
        }
        return table.toString();
    }

    private String table(Map<String, Map<String, String>> outcomes) {
        StringBuilder table = new StringBuilder();
        String area = "";
        for (CachingCase one : cases) {
            if (!one.area().equals(area)) {
                area = one.area();
                table.append("\n### ").append(area).append("\n\n| case | from | level |");
                PEERS.forEach(peer -> table.append(' ').append(peer).append(" |"));
                table.append("\n| --- | --- | --- |")
                        .append(" --- |".repeat(PEERS.size()))
                        .append('\n');
            }
            table.append("| `%s` | %s | %s |".formatted(one.id(), one.rfc(), one.level()));
            for (String peer : PEERS) {
                String cell = outcomes.get(peer).getOrDefault(one.id(), "not run");
                table.append(' ').append(ConformancePageTest.escaped(cell)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }
}
