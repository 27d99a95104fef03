package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What the commands have in common that change the plugins of the gateway that runs. */
final class PluginChange {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Option(names = "--dry-run", description = "Only tries it: nothing changes.")
    private boolean dryRun;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    AdminClient admin() {
        return admin;
    }

    boolean isJson() {
        return json;
    }

    boolean isDryRun() {
        return dryRun;
    }

    CommandSpec spec() {
        return spec;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The query of a call: that and {@code dryRun}. */
    String query(String... parameters) {
        StringBuilder query = new StringBuilder(dryRun ? "?dryRun=true" : "");
        for (String parameter : parameters) {
            query.append(query.isEmpty() ? '?' : '&').append(parameter);
        }
        return query.toString();
    }

    /** Tells what was done. */
    int tell(JsonNode done) {
        PrintWriter out = out();
        if (json) {
            out.println(done.toPrettyString());
            return Sallyport.YES;
        }
        String generation = done.path("generation").asString("");
        if (done.path("dryRun").asBoolean(false)) {
            out.println("it would be done; nothing has changed, generation " + generation + " serves on");
        } else if (!done.path("changed").asBoolean(false)) {
            out.println("there is nothing to do; generation " + generation + " serves on");
        } else {
            out.println("generation " + generation + " serves");
        }
        for (JsonNode version : done.path("versions")) {
            String reason = version.path("reason").asString("");
            out.println(("  " + done.path("id").asString("") + " "
                            + version.path("version").asString("") + ": "
                            + version.path("state").asString("") + (reason.isEmpty() ? "" : ": " + reason))
                    .stripTrailing());
        }
        done.path("unserved").forEach(step -> out.println("answers 503 now: " + step.asString("")));
        done.path("warnings").forEach(warning -> err().println(warning.asString("")));
        return Sallyport.YES;
    }
}
