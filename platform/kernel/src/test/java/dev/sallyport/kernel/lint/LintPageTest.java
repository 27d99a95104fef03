package dev.sallyport.kernel.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Folder;
import dev.sallyport.kernel.config.LintRule;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.SamplePlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reference page of lint is made of the rules' own table and of their examples, in {@code src/test/resources/lint}:
 * one that the rule finds, and one that it does not. Run with {@code -Dsallyport.rewrite=true} to write it anew.
 */
final class LintPageTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "reference", "lint.md");

    @TempDir
    Path home;

    private record Example(LintRule rule, String fires, String quiet) {

        static Example of(LintRule rule) {
            try {
                String[] parts = Files.readString(Path.of("src/test/resources/lint", rule + ".yaml"))
                        .split("(?m)^=== quiet\n", -1);
                return new Example(rule, parts[0], parts[1]);
            } catch (IOException e) {
                throw new IllegalStateException("no example of " + rule, e);
            }
        }

        @Override
        public String toString() {
            return rule.toString();
        }
    }

    static Stream<Example> examples() {
        return Arrays.stream(LintRule.values()).map(Example::of);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void findsTheOneAndNotTheOther(Example example) {
        assertThat(findings(example.fires()))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.rule()).isEqualTo(example.rule()));
        assertThat(findings(example.quiet())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isSilencedWhereItStands(Example example) {
        if (example.rule() == LintRule.IDLE_ALLOW) {
            return; // what is allowed in vain is removed, not allowed
        }
        Finding finding = findings(example.fires()).getFirst();
        List<String> lines = example.fires().lines().toList();
        int line = finding.place().line() - 1;
        String indent = lines.get(line).replaceAll("\\S.*", "");
        String allowed = Stream.of(
                        lines.subList(0, line).stream(),
                        Stream.of(indent + "# lint: allow " + example.rule() + " — it is meant so"),
                        lines.subList(line, lines.size()).stream())
                .flatMap(part -> part)
                .collect(Collectors.joining("\n"));

        Lint lint = lint(allowed);

        assertThat(lint.open()).isEmpty();
        assertThat(lint.allowed())
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.allowed()).isEqualTo("it is meant so"));
    }

    @Test
    void isWrittenAsTheRulesAre() throws IOException {
        StringBuilder rules = new StringBuilder();
        for (LintRule rule : LintRule.values()) {
            rules.append("| [`")
                    .append(rule)
                    .append("`](#")
                    .append(rule)
                    .append(") | ")
                    .append(rule.what())
                    .append(" |\n");
        }
        StringBuilder parts = new StringBuilder();
        examples().forEach(example -> parts.append(part(example)));
        String[] page = Files.readString(PAGE).split("(?m)^<!-- /?rules -->\n", -1);
        String written = page[0] + "<!-- rules -->\n| rule | finds |\n| --- | --- |\n" + rules + parts
                + "<!-- /rules -->\n" + page[2];
        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(PAGE, written);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(written);
    }

    private String part(Example example) {
        LintRule rule = example.rule();
        String told = findings(example.fires()).stream().map(Finding::toString).collect(Collectors.joining("\n"));
        return "\n### " + rule + "\n\n" + rule.what() + " " + rule.why() + " " + rule.mend()
                + "\n\n```yaml\n" + example.fires() + "```\n\n```text\n" + told + "\n```\n\nNot found:\n\n```yaml\n"
                + example.quiet() + "```\n";
    }

    private List<Finding> findings(String text) {
        return lint(text).open();
    }

    private Lint lint(String text) {
        Folder folder = new Folder(home);
        folder.write("conf/gateway.yaml", text + "\nlisteners: [{name: web, address: '127.0.0.1:0'}]\n");
        Reading reading = folder.read();
        assertThat(reading.errors()).isEmpty();
        return Lint.of(reading, new SamplePlugin());
    }
}
