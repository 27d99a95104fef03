package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport plugins doctor}. */
@Command(
        name = "doctor",
        description =
                "Tells which unloaded plugins are still in memory, what they left behind, and the mend; exits with 1"
                        + " where one leaks.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    /** Writing and reading a dump of a large heap takes its time. */
    private static final Duration PATIENCE_WITH_HEAP = Duration.ofMinutes(10);

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private AdminClient admin;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Option(
            names = "--heap",
            description =
                    "Also searches a dump of the heap for what refers to them. The gateway stands still while that is"
                            + " written into its data folder; it holds secrets, and is deleted once it has been read.")
    private boolean heap;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        JsonNode paths = heap ? admin.change("POST", "doctor/heap", PATIENCE_WITH_HEAP) : null;
        ObjectNode report = (ObjectNode) Objects.requireNonNull(admin.get("doctor"));
        if (paths != null) {
            report.set("heap", paths);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.toPrettyString());
        } else {
            print(report, out);
        }
        for (JsonNode plugin : report.path("plugins")) {
            if (plugin.path("leaked").asInt(0) > 0) {
                return Sallyport.NO;
            }
        }
        return Sallyport.YES;
    }

    private static void print(JsonNode report, PrintWriter out) {
        out.println(String.format("%-24s %5s %8s %12s %7s", "PLUGIN", "LIVE", "RETIRED", "UNRECLAIMED", "LEAKED"));
        for (JsonNode plugin : report.path("plugins")) {
            out.println(String.format(
                    "%-24s %5d %8d %12d %7d",
                    plugin.path("id").asString(""),
                    plugin.path("live").size(),
                    plugin.path("retired").asInt(0),
                    plugin.path("unreclaimed").size(),
                    plugin.path("leaked").asInt(0)));
        }
        for (JsonNode plugin : report.path("plugins")) {
            for (JsonNode finding : plugin.path("findings")) {
                out.println((finding.path("healed").asBoolean(false) ? "healed: " : "NOT HEALED: ")
                        + finding.path("text").asString(""));
            }
        }
        for (JsonNode draining : report.path("draining")) {
            out.println("generation " + draining.path("generation").asString("") + " drains: exchanges "
                    + draining.path("exchanges").asString("") + ", the oldest since "
                    + draining.path("oldest").asString("") + ", routes " + texts(draining.path("routes")));
        }
        JsonNode scripts = report.path("scripts");
        if (!scripts.isMissingNode()) {
            out.println("scripts: GraalJS " + scripts.path("engine").asString("") + ", "
                    + (scripts.path("compiled").asBoolean(false) ? "compiled" : "interpreted") + ", contexts "
                    + scripts.path("contexts").asString(""));
        }
        metaspace(report.path("metaspace"), out);
        heap(report.path("heap"), out);
    }

    private static void metaspace(JsonNode samples, PrintWriter out) {
        JsonNode first = samples.path(0);
        JsonNode last = samples.path(samples.size() - 1);
        int unloadings = last.path("retired").asInt(0) - first.path("retired").asInt(0);
        out.println("metaspace " + mebibytes(last)
                + (unloadings == 0 ? "" : ", " + unloadings + " unloadings ago " + mebibytes(first)));
    }

    private static String mebibytes(JsonNode sample) {
        return String.format("%.1f MiB", sample.path("used").asLong(0) / 1024.0 / 1024.0);
    }

    private static void heap(JsonNode paths, PrintWriter out) {
        for (JsonNode path : paths) {
            out.println(path.path("plugin").asString("") + " is in memory; root: "
                    + path.path("root").asString(""));
            path.path("path").forEach(step -> out.println("  " + step.asString("")));
            out.println("  the mend: " + path.path("mend").asString(""));
        }
    }

    private static String texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asString("")));
        return String.join(", ", texts);
    }
}
