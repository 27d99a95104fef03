package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What the commands have in common that have another generation serve. */
final class GenerationChange {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "MESSAGE",
            defaultValue = "",
            description = "Why, for the history and the audit log.")
    @SuppressWarnings("NullAway.Init")
    private String message;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Does it, and waits until it serves or is refused. */
    int post(String path, String... parameters) throws CommandException, UnreachableException {
        List<String> query = new ArrayList<>(List.of(parameters));
        if (!message.isEmpty()) {
            query.add("message=" + URLEncoder.encode(message, StandardCharsets.UTF_8));
        }
        JsonNode done = admin.change("POST", path + (query.isEmpty() ? "" : "?" + String.join("&", query)));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(done.toPrettyString());
        } else {
            out.println("generation " + done.path("generation").asString("") + " serves: "
                    + done.path("kept").asString("") + " filters kept, "
                    + done.path("created").asString("") + " made");
            done.path("warnings").forEach(warning -> spec.commandLine().getErr().println(warning.asString("")));
        }
        return Sallyport.YES;
    }
}
