package dev.sallyport.kernel.lint;

import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.TypeCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that the rules find in a configuration. It costs as much as reading it, so it is asked for where somebody looks
 * (check, plan) or once a change serves, and never on the way to that.
 *
 * @param findings by file, line and column; those that comments allow among them
 */
public record Lint(List<Finding> findings) {

    /**
     * Looks at what was read.
     *
     * @param reading with an error, only what was found on the way is told
     * @param catalog the types that it was read with
     */
    public static Lint of(Reading reading, TypeCatalog catalog) {
        Set<Finding> found = new LinkedHashSet<>();
        reading.findings().forEach(problem -> {
            if (problem.rule() != null) {
                found.add(new Finding(problem.rule(), problem.place(), problem.key(), problem.message()));
            }
        });
        if (reading.config() != null) {
            new RouteRules(reading.config(), reading.sources(), found::add).run();
            new ChainRules(reading.config(), reading.sources(), catalog, found::add).run();
        }
        Allowances allowances = Allowances.in(reading.texts());
        List<Finding> judged =
                new ArrayList<>(found.stream().map(allowances::judge).toList());
        if (reading.config() != null) {
            judged.addAll(allowances.idle());
        }
        List<String> files = List.copyOf(reading.texts().keySet());
        judged.sort(Comparator.comparingInt(
                        (Finding finding) -> files.indexOf(finding.place().file()))
                .thenComparingInt(finding -> finding.place().line())
                .thenComparingInt(finding -> finding.place().column()));
        return new Lint(List.copyOf(judged));
    }

    /** Those that nobody has allowed. */
    public List<Finding> open() {
        return findings.stream().filter(finding -> finding.allowed() == null).toList();
    }

    /** Those that comments allow. */
    public List<Finding> allowed() {
        return findings.stream().filter(finding -> finding.allowed() != null).toList();
    }

    /** How many of each: {@code 3 findings, 1 allowed}; empty where there are none. */
    public String told() {
        int open = open().size();
        int allowed = findings.size() - open;
        String first = open == 0 ? "" : open == 1 ? "1 finding" : open + " findings";
        String second = allowed == 0 ? "" : allowed + " allowed";
        return Stream.of(first, second)
                .filter(text -> !text.isEmpty())
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }
}
