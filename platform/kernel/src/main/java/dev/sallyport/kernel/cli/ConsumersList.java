package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
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

/** {@code sallyport consumers list}. */
@Command(
        name = "list",
        description = "The consumers of the gateway that runs, with their groups and credentials.",
        mixinStandardHelpOptions = true)
final class ConsumersList implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        JsonNode consumers = Objects.requireNonNull(admin.get("consumers"));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(consumers.toPrettyString());
        } else {
            consumers.forEach(each ->
                    out.println(each.path("name").asString("") + told("groups", each) + told("credentials", each)));
        }
        return Sallyport.YES;
    }

    private static String told(String key, JsonNode consumer) {
        List<String> values = new ArrayList<>();
        consumer.path(key).forEach(value -> values.add(value.isObject() ? credential(value) : value.asString("")));
        return values.isEmpty() ? "" : "  " + key + ": " + String.join(", ", values);
    }

    private static String credential(JsonNode value) {
        return value.path("type").asString("")
                + (value.has("id") ? " " + value.path("id").asString("") : "")
                + (value.has("expires") ? " until " + value.path("expires").asString("") : "");
    }
}
