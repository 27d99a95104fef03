package dev.sallyport.kernel.lint;

import dev.sallyport.kernel.config.LintRule;
import dev.sallyport.kernel.config.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comments that allow findings: {@code # lint: allow limit-for-all — one pool is meant}. One behind a value is about
 * its line, one that has a line for itself about the next line that is no comment. They are found in the text, line by
 * line, since comments are nothing that a YAML parser tells.
 */
final class Allowances {

    private static final Pattern COMMENT =
            Pattern.compile("(?:^|\\s)#\\s*lint:\\s*allow\\s+([a-z][a-z-]*(?:\\s*,\\s*[a-z][a-z-]*)*)(.*)$");

    private static final Pattern BEFORE_REASON = Pattern.compile("^[\\s\\-:;,.\\u2013\\u2014]+");

    private final Map<Line, List<Allowance>> byLine = new HashMap<>();
    private final List<Allowance> all = new ArrayList<>();
    private final Set<Allowance> used = new HashSet<>();

    private record Line(String file, int number) {}

    /**
     * One id of a comment.
     *
     * @param place where the comment begins
     * @param id as it is written
     */
    private record Allowance(Place place, String id, String reason) {}

    private Allowances() {}

    /** The comments of these files, by name. */
    static Allowances in(Map<String, String> texts) {
        Allowances allowances = new Allowances();
        texts.forEach((file, text) -> {
            if (text.contains("lint:")) {
                allowances.read(file, text.split("\\R", -1));
            }
        });
        return allowances;
    }

    private void read(String file, String[] lines) {
        List<Allowance> waiting = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i];
            boolean comment = line.stripLeading().startsWith("#");
            List<Allowance> here = of(file, i + 1, line);
            if (comment) {
                waiting.addAll(here);
            } else if (!line.isBlank()) {
                waiting.addAll(here);
                if (!waiting.isEmpty()) {
                    byLine.put(new Line(file, i + 1), List.copyOf(waiting));
                    waiting.clear();
                }
            }
        }
    }

    private List<Allowance> of(String file, int number, String line) {
        Matcher matcher = COMMENT.matcher(line);
        if (!matcher.find()) {
            return List.of();
        }
        Place place = new Place(file, number, line.indexOf('#', matcher.start()) + 1);
        String reason = BEFORE_REASON.matcher(matcher.group(2)).replaceFirst("").strip();
        List<Allowance> here = new ArrayList<>();
        for (String id : matcher.group(1).split("\\s*,\\s*", -1)) {
            here.add(new Allowance(place, id, reason));
        }
        all.addAll(here);
        return here;
    }

    /** The finding, allowed where a comment says so. */
    Finding judge(Finding finding) {
        Line line = new Line(finding.place().file(), finding.place().line());
        for (Allowance allowance : byLine.getOrDefault(line, List.of())) {
            if (allowance.id().equals(finding.rule().toString())) {
                used.add(allowance);
                return finding.allowedFor(allowance.reason());
            }
        }
        return finding;
    }

    /** What comments allow that nothing has found; to be called once all is judged. */
    List<Finding> idle() {
        return all.stream()
                .filter(allowance -> !used.contains(allowance))
                .map(allowance -> new Finding(
                        LintRule.IDLE_ALLOW,
                        allowance.place(),
                        "",
                        LintRule.of(allowance.id()) == null
                                ? allowance.id() + " is no rule of lint; mend the name, or remove the comment"
                                : allowance.id() + " is allowed here, and not found; remove the comment"))
                .toList();
    }
}
