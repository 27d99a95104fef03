package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sallyport schema}. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of this installation, with its plugins' types.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "For an editor: sallyport schema > gateway.schema.json, and as the first line of gateway.yaml:",
            "# yaml-language-server: $schema=gateway.schema.json"
        })
final class SchemaCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Installation installation;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        try (Installation.Offline offline = installation.offline()) {
            spec.commandLine()
                    .getOut()
                    .println(InstallationSchema.of(offline.catalogue()).toPrettyString());
        }
        return Sallyport.YES;
    }
}
