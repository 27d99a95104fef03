package dev.sallyport.kernel.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport convert}. */
@Command(
        name = "convert",
        description = "Makes a configuration from another description.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ConvertCommand.OpenApi.class)
final class ConvertCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** {@code sallyport convert openapi}. */
    @Command(
            name = "openapi",
            description = "Prints routes, an upstream and validation from an OpenAPI document, 3.0 or 3.1.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "What a configuration cannot say is told on standard error. To try an API that is not there yet:",
                "sallyport convert openapi shop.yaml --mock > gateway.yaml && sallyport run --config gateway.yaml"
            })
    static final class OpenApi implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "The document, in JSON or YAML.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(names = "--mock", description = "Answers from the document's examples; no upstream.")
        private boolean mock;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            ApiConversion.Result result = ApiConversion.of(ApiDescription.read(file), file, mock);
            spec.commandLine().getOut().print(result.yaml());
            spec.commandLine().getOut().flush();
            result.notes().forEach(spec.commandLine().getErr()::println);
            return Sallyport.YES;
        }
    }
}
