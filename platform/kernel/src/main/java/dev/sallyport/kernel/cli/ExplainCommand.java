package dev.sallyport.kernel.cli;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.ResolvedConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport explain}. */
@Command(
        name = "explain",
        description = "Says offline which route and steps a request meets, and why.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The table of --tests is YAML:",
            "  - request: GET http://api.example.com/orders/7",
            "    headers: {x-version: \"2\"}",
            "    route: orders                      # or 404, 405, 400",
            "    steps: [access-log, auth]          # ids of those that run, in order",
            "    target: http://127.0.0.1:9001      # or a list"
        })
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Installation installation;

    @Parameters(index = "0", arity = "0..1", paramLabel = "METHOD", description = "Such as GET.")
    private @Nullable String method;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "URL",
            description = "A path, or a whole URL whose host is matched.")
    private @Nullable String url;

    @Option(names = "-H", paramLabel = "'NAME: VALUE'", description = "A header field; may be repeated.")
    private List<String> fields = new ArrayList<>();

    @Option(names = "-d", paramLabel = "@FILE", description = "The body, or a file with it; tells its length.")
    private @Nullable String body;

    @Option(names = "--tests", paramLabel = "FILE", description = "Runs a table of requests and expectations instead.")
    private @Nullable Path tests;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        if ((tests == null) == (method == null || url == null)) {
            throw new ParameterException(spec.commandLine(), "expected: METHOD and URL, or --tests FILE");
        }
        PrintWriter out = spec.commandLine().getOut();
        ResolvedConfig config = read();
        if (tests != null) {
            return ExplainTests.run(tests, config, out::println) ? Sallyport.YES : Sallyport.NO;
        }
        Explained explained = Explained.of(config, String.valueOf(method), String.valueOf(url), headers());
        ExplainText text = new ExplainText(explained, config);
        if (json) {
            out.println(text.json());
        } else {
            text.print(out);
        }
        return explained.route() == null ? Sallyport.NO : Sallyport.YES;
    }

    /** A plugin that is missing is no reason not to explain the way to it. */
    private ResolvedConfig read() throws CommandException {
        try (Installation.Offline offline = installation.offline()) {
            Reading reading = offline.reader().read(offline.catalogue(), new ConfigReader.Options(true, Set.of()));
            ResolvedConfig config = reading.config();
            if (config == null) {
                PrintWriter err = spec.commandLine().getErr();
                reading.errors().forEach(problem -> err.println(problem.toString()));
                throw new CommandException("the configuration is not valid");
            }
            return config;
        }
    }

    private Headers headers() throws CommandException {
        Headers.Builder headers = Headers.builder(8);
        try {
            for (String field : fields) {
                int colon = field.indexOf(':');
                if (colon < 1) {
                    throw new ParameterException(spec.commandLine(), "-H " + field + " (expected: 'name: value')");
                }
                headers.add(
                        field.substring(0, colon).strip(),
                        field.substring(colon + 1).strip());
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "-H: " + e.getMessage());
        }
        if (body != null) {
            headers.add("content-length", Long.toString(length(body)));
        }
        return headers.build();
    }

    private static long length(String body) throws CommandException {
        try {
            return body.startsWith("@")
                    ? Files.size(Path.of(body.substring(1)))
                    : body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        } catch (IOException e) {
            throw new CommandException(body.substring(1) + ": no such file (expected: the body)");
        }
    }
}
