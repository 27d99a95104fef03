package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.lint.Finding;
import dev.sallyport.kernel.lint.Lint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport check}. */
@Command(
        name = "check",
        description = "Validates configurations without serving; all mistakes are told at once.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Main files; conf/gateway.yaml of the installation if none is given.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--deep", description = "Also creates the steps: this runs code of the plugins.")
    private boolean deep;

    @Option(names = "--strict", description = "Says no also where lint finds something that no comment allows.")
    private boolean strict;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private record Checked(Path file, List<ConfigProblem> problems, Lint lint) {

        boolean isValid() {
            return errors() == 0;
        }

        long errors() {
            return problems.stream()
                    .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                    .count();
        }

        /** {@code valid, 3 findings, 1 allowed}. */
        String told() {
            String verdict = errors() == 0 ? "valid" : errors() == 1 ? "1 error" : errors() + " errors";
            return lint.findings().isEmpty() ? verdict : verdict + ", " + lint.told();
        }
    }

    @Override
    public Integer call() throws CommandException {
        List<Checked> all = new ArrayList<>();
        for (Path file : files.isEmpty() ? List.of(Installation.home().resolve("conf/gateway.yaml")) : files) {
            all.add(check(Installation.existing(file)));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(all));
        } else {
            all.forEach(checked -> print(checked, out));
        }
        boolean good = all.stream()
                .allMatch(checked ->
                        checked.isValid() && (!strict || checked.lint().open().isEmpty()));
        return good ? Sallyport.YES : Sallyport.NO;
    }

    private Checked check(Path file) throws CommandException {
        try (Installation.Offline offline = Installation.offline(file)) {
            Reading reading = offline.read();
            List<ConfigProblem> problems = new ArrayList<>(reading.problems());
            if (deep && reading.config() != null) {
                problems.addAll(DeepCheck.run(reading.config(), offline, file));
            }
            return new Checked(file, problems, Lint.of(reading, offline.catalogue()));
        }
    }

    private static void print(Checked checked, PrintWriter out) {
        for (ConfigProblem problem : checked.problems()) {
            out.println((problem.severity() == ConfigProblem.Severity.WARNING ? "warning: " : "") + problem);
        }
        checked.lint().open().forEach(finding -> out.println("lint: " + finding));
        out.println(checked.file() + ": " + checked.told());
    }

    private static String json(List<Checked> all) {
        JsonMapper mapper = JsonMapper.shared();
        ArrayNode array = mapper.createArrayNode();
        for (Checked checked : all) {
            ObjectNode node = array.addObject();
            node.put("file", checked.file().toString());
            node.put("valid", checked.isValid());
            ArrayNode problems = node.putArray("problems");
            for (ConfigProblem problem : checked.problems()) {
                ObjectNode one = problems.addObject()
                        .put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
                put(problem.place(), problem.key(), problem.message(), one);
            }
            ArrayNode findings = node.putArray("findings");
            for (Finding finding : checked.lint().findings()) {
                ObjectNode one = findings.addObject().put("rule", finding.rule().toString());
                put(finding.place(), finding.key(), finding.message(), one);
                one.put("allowed", finding.allowed());
            }
        }
        return array.toPrettyString();
    }

    private static void put(Place place, String key, String message, ObjectNode into) {
        into.put("file", place.file())
                .put("line", place.line())
                .put("column", place.column())
                .put("key", key)
                .put("message", message);
    }
}
