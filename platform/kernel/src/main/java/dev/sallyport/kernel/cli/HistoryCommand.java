package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport history}. */
@Command(
        name = "history",
        description = "The generations that can be gone back to, newest first: who brought them about, why, and what"
                + " changed; and whether a rollback holds.",
        mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {

    private static final int MOST_CHANGES = 5;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Option(
            names = "--diff",
            paramLabel = "N",
            description = "Tells key by key how what is written differs in generation N from the one before.")
    private @Nullable Integer diff;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        if (diff != null) {
            return diff(diff);
        }
        JsonNode generations = Objects.requireNonNull(admin.get("generations"));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(generations.toPrettyString());
            return Sallyport.YES;
        }
        generations.forEach(generation -> print(generation, out));
        JsonNode hold = Objects.requireNonNull(admin.get("config/hold"));
        if (hold.path("held").asBoolean(false)) {
            out.println("a rollback holds since " + hold.path("since").asString("")
                    + "; what waits until `sallyport apply`:");
            hold.path("pending").forEach(change -> out.println("  " + change.asString("")));
        }
        return Sallyport.YES;
    }

    private int diff(int number) throws CommandException, UnreachableException {
        JsonNode lines = admin.get("generations/" + number + "/diff");
        if (lines == null) {
            throw new CommandException("generation " + number + " is not kept");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(lines.toPrettyString());
        } else {
            lines.forEach(line -> out.println(line.asString("")));
        }
        return Sallyport.YES;
    }

    private static void print(JsonNode generation, PrintWriter out) {
        String message = generation.path("message").asString("");
        out.println(generation.path("number").asString("") + "  "
                + generation.path("at").asString("").replaceFirst("\\..*Z$", "Z") + "  "
                + generation.path("author").asString("") + ": "
                + generation.path("reason").asString("")
                + (message.isEmpty() ? "" : " (" + message + ")")
                + (generation.path("state").asString("").equals("serving") ? "  <- serves" : ""));
        int told = 0;
        for (JsonNode change : generation.path("changes")) {
            if (told++ == MOST_CHANGES) {
                out.println("     and " + (generation.path("changes").size() - MOST_CHANGES) + " more (--json)");
                break;
            }
            out.println("     " + change.asString(""));
        }
    }
}
