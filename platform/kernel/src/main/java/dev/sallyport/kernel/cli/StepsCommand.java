package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport steps}. */
@Command(
        name = "steps",
        description = "The state of steps, what they can be told to do, and what they can be asked.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StepsCommand.Listing.class, StepsCommand.Tell.class, StepsCommand.Ask.class})
final class StepsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** {@code sallyport steps list}. */
    @Command(
            name = "list",
            description = "Shows the steps that have something to show: circuits, switches.",
            mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private AdminClient admin;

        @Option(names = "--type", paramLabel = "TYPE", description = "Only steps of that type.")
        private @Nullable String type;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException, UnreachableException {
            JsonNode answer = admin.get("steps" + (type == null ? "" : "?type=" + encoded(type)));
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(answer == null ? "[]" : answer.toPrettyString());
            } else if (answer != null) {
                answer.forEach(step -> print(step, out));
            }
            return Sallyport.YES;
        }

        private static void print(JsonNode step, PrintWriter out) {
            out.println(
                    step.path("step").asString("") + "  " + step.path("version").asString(""));
            String failed = step.path("failed").asString("");
            if (!failed.isEmpty()) {
                out.println("  " + failed);
            }
            print(step.path("state"), "  ", out);
            step.path("commands")
                    .properties()
                    .forEach(command -> out.println("  can " + command.getKey() + ": "
                            + command.getValue().asString("")));
            step.path("queries")
                    .properties()
                    .forEach(query -> out.println("  answers " + query.getKey() + ": "
                            + query.getValue().path("doc").asString("")));
        }

        private static void print(JsonNode state, String indent, PrintWriter out) {
            state.properties().forEach(member -> {
                JsonNode value = member.getValue();
                if (value.isObject()
                        && !value.isEmpty()
                        && value.properties().stream()
                                .noneMatch(each -> each.getValue().isObject())) {
                    StringBuilder line = new StringBuilder(indent + member.getKey() + ":");
                    value.properties()
                            .forEach(each -> line.append(' ')
                                    .append(each.getKey())
                                    .append('=')
                                    .append(text(each.getValue())));
                    out.println(line);
                } else if (value.isObject()) {
                    out.println(indent + member.getKey() + ":");
                    print(value, indent + "  ", out);
                } else {
                    out.println(indent + member.getKey() + ": " + text(value));
                }
            });
        }

        private static String text(JsonNode value) {
            return value.isString() ? value.asString("") : value.toString();
        }
    }

    /** {@code sallyport steps tell}. */
    @Command(
            name = "tell",
            description = "Has a step do something that `steps list` says it can.",
            mixinStandardHelpOptions = true)
    static final class Tell implements Callable<Integer> {

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private AdminClient admin;

        @Parameters(
                index = "0",
                paramLabel = "STEP",
                description = "Its name, as `steps list` shows it: circuit-breaker/orders/circuit-breaker.")
        @SuppressWarnings("NullAway.Init")
        private String step;

        @Parameters(index = "1", paramLabel = "WHAT", description = "What to do.")
        @SuppressWarnings("NullAway.Init")
        private String command;

        @Parameters(
                index = "2",
                arity = "0..1",
                paramLabel = "ON",
                description = "The part of its state that is meant, such as a target; all of it if not given.")
        private @Nullable String on;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException, UnreachableException {
            JsonNode answer = admin.change(
                    "POST",
                    "steps/command?step=" + encoded(step) + "&command=" + encoded(command)
                            + (on == null ? "" : "&on=" + encoded(on)));
            answer.path("done").forEach(done -> spec.commandLine().getOut().println(done.asString("")));
            return Sallyport.YES;
        }
    }

    /** {@code sallyport steps ask}. */
    @Command(
            name = "ask",
            description = "Asks a step something that `steps list` says it answers; prints JSON.",
            mixinStandardHelpOptions = true)
    static final class Ask implements Callable<Integer> {

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private AdminClient admin;

        @Parameters(
                index = "0",
                paramLabel = "STEP",
                description = "Its name, as `steps list` shows it: analytics/*/analytics.")
        @SuppressWarnings("NullAway.Init")
        private String step;

        @Parameters(index = "1", paramLabel = "QUERY", description = "What is asked.")
        @SuppressWarnings("NullAway.Init")
        private String query;

        @Parameters(
                index = "2..*",
                paramLabel = "NAME=VALUE",
                description = "The query's parameters: groupBy=route last=1h.")
        private Map<String, String> given = Map.of();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException, UnreachableException {
            StringBuilder path = new StringBuilder("steps/query?step=" + encoded(step) + "&query=" + encoded(query));
            given.forEach((name, value) ->
                    path.append('&').append(encoded(name)).append('=').append(encoded(value)));
            JsonNode answer = admin.get(path.toString());
            if (answer != null) {
                answer.path("answers")
                        .forEach(each -> spec.commandLine().getOut().println(each.toPrettyString()));
            }
            return Sallyport.YES;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
