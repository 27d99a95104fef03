package dev.sallyport.kernel.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code sallyport apply}. */
@Command(
        name = "apply",
        description = "Takes what the gateway's files and folders say now, or the configuration that is sent, and waits"
                + " until it serves; a rollback that held is over then.",
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GenerationChange change;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Sent sent;

    @Option(
            names = "--if-generation",
            paramLabel = "N",
            description = "Only where that generation still serves, such as the one that `plan` named.")
    private @Nullable Integer generation;

    @Option(
            names = "--watch",
            paramLabel = "TIME",
            description =
                    "Watches the routes that it touches for that time, such as 2m, waits for what comes of it, and"
                            + " ends with 1 where they did worse and it was taken back.")
    private @Nullable String watch;

    @Option(
            names = "--max-errors",
            paramLabel = "PERCENT",
            description = "By how much the share of answers with 5xx may rise while it is watched; 5%% if not given.")
    private @Nullable String maxErrors;

    @Option(
            names = "--max-latency",
            paramLabel = "TIMES",
            description = "How much slower the slowest hundredth may be meanwhile; 2x if not given.")
    private @Nullable String maxLatency;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        List<String> parameters = new ArrayList<>();
        add(parameters, "watch", watch);
        add(parameters, "maxErrors", maxErrors);
        add(parameters, "maxLatency", maxLatency);
        String[] how = parameters.toArray(String[]::new);
        JsonNode done = sent.isGiven()
                ? change.send("PUT", "config", sent.body(), generation, how)
                : change.send("POST", "config/apply", null, generation, how);
        return watch == null
                ? Sallyport.YES
                : change.watch(done.path("generation").asInt(0));
    }

    private static void add(List<String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
