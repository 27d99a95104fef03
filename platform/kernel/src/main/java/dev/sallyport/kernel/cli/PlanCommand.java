package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport plan}. */
@Command(
        name = "plan",
        description = "Tells what `apply` would change of what serves, and which of the last minutes' requests would"
                + " meet another route; changes nothing.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Sent sent;

    @Option(names = "--exit-code", description = "Ends with 1 where anything would change.")
    private boolean exitCode;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        JsonNode plan = sent.isGiven()
                ? admin.change("PUT", "config?dryRun=true", sent.body(), null)
                : admin.change("POST", "config/apply?dryRun=true");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(plan.toPrettyString());
        } else {
            PlanText.print(plan, out);
        }
        return exitCode && plan.path("changes").asBoolean(false) ? Sallyport.NO : Sallyport.YES;
    }
}
