package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
        send("POST", path, null, null, parameters);
        return Sallyport.YES;
    }

    /**
     * Does it, waits until it serves or is refused, and gives what the gateway says of it.
     *
     * @param body what is sent; null for nothing
     * @param generation the one that must serve; null for any
     */
    JsonNode send(
            String method, String path, @Nullable JsonNode body, @Nullable Integer generation, String... parameters)
            throws CommandException, UnreachableException {
        List<String> query = new ArrayList<>(List.of(parameters));
        if (!message.isEmpty()) {
            query.add("message=" + URLEncoder.encode(message, StandardCharsets.UTF_8));
        }
        JsonNode done =
                admin.change(method, path + (query.isEmpty() ? "" : "?" + String.join("&", query)), body, generation);
        told(done);
        return done;
    }

    /** Waits for what comes of watching that generation. */
    int watch(int generation) throws CommandException, UnreachableException {
        while (true) {
            JsonNode watch = Objects.requireNonNull(admin.get("config/watch"));
            String state = watch.path("state").asString("");
            boolean mine = watch.path("generation").asInt(0) == generation;
            if (!mine || !state.equals("watching")) {
                String why = mine ? watch.path("why").asString("") : "another change is watched now";
                PrintWriter out = spec.commandLine().getOut();
                out.println(json ? watch.toPrettyString() : "generation " + generation + " " + state + ": " + why);
                return mine && state.equals("kept") ? Sallyport.YES : Sallyport.NO;
            }
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted; the gateway watches on");
            }
        }
    }

    private void told(JsonNode done) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(done.toPrettyString());
        } else {
            out.println("generation " + done.path("generation").asString("") + " serves: "
                    + done.path("kept").asString("") + " filters kept, "
                    + done.path("created").asString("") + " made");
            done.path("warnings").forEach(warning -> spec.commandLine().getErr().println(warning.asString("")));
        }
    }
}
