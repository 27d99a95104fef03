package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport canary}. */
@Command(
        name = "canary",
        description = "Versions of steps that are on trial.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CanaryCommand.Listing.class, CanaryCommand.Promote.class, CanaryCommand.Rollback.class})
final class CanaryCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** {@code sallyport canary list}. */
    @Command(
            name = "list",
            description = "Compares each canary with the version that serves: requests, errors, latency; and tells what"
                    + " was decided.",
            mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private AdminClient admin;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException, UnreachableException {
            JsonNode answer = admin.get("canaries");
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(answer == null ? "[]" : answer.toPrettyString());
            } else if (answer != null) {
                answer.forEach(canary -> print(canary, out));
            }
            return Sallyport.YES;
        }

        private static void print(JsonNode canary, PrintWriter out) {
            String state = canary.path("state").asString("");
            String why = canary.path("why").asString("");
            out.println(canary.path("canary").asString("") + "  "
                    + canary.path("version").asString("") + ": " + state
                    + (state.equals("undecided")
                            ? " since " + canary.path("since").asString("")
                            : " by " + canary.path("author").asString("") + (why.isEmpty() ? "" : ": " + why)));
            printArm(canary.path("serving"), out);
            printArm(canary.path("trial"), out);
        }

        private static void printArm(JsonNode arm, PrintWriter out) {
            if (!arm.isMissingNode()) {
                out.printf(
                        "  %-24s %8d requests, %5.1f%% failed, p50 %.1f ms, p95 %.1f ms; by itself p95 %.3f ms%n",
                        arm.path("version").asString(""),
                        arm.path("requests").asLong(0),
                        arm.path("errorRate").asDouble(0),
                        arm.path("latencyMillis").path("p50").asDouble(0),
                        arm.path("latencyMillis").path("p95").asDouble(0),
                        arm.path("ownMillis").path("p95").asDouble(0));
            }
        }
    }

    /** {@code sallyport canary promote}. */
    @Command(
            name = "promote",
            description = "Has a canary take all requests of its step.",
            mixinStandardHelpOptions = true)
    static final class Promote implements Callable<Integer> {

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private GenerationChange change;

        @Parameters(paramLabel = "CANARY", description = "Its name, as `canary list` shows it: orders/rate-limit.")
        @SuppressWarnings("NullAway.Init")
        private String canary;

        @Override
        public Integer call() throws CommandException, UnreachableException {
            return change.post("canaries/promote", "canary=" + encoded(canary));
        }
    }

    /** {@code sallyport canary rollback}. */
    @Command(
            name = "rollback",
            description = "Has a canary take no requests any more, until its version or its settings change.",
            mixinStandardHelpOptions = true)
    static final class Rollback implements Callable<Integer> {

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private GenerationChange change;

        @Parameters(paramLabel = "CANARY", description = "Its name, as `canary list` shows it: orders/rate-limit.")
        @SuppressWarnings("NullAway.Init")
        private String canary;

        @Override
        public Integer call() throws CommandException, UnreachableException {
            return change.post("canaries/rollback", "canary=" + encoded(canary));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
