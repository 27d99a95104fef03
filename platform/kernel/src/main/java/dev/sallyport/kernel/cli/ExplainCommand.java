package dev.sallyport.kernel.cli;

import dev.sallyport.api.Body;
import dev.sallyport.kernel.explain.Question;
import dev.sallyport.kernel.explain.QuestionJson;
import dev.sallyport.kernel.http.Asked;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport explain}. */
@Command(
        name = "explain",
        description = "Says which route and steps a request meets, where it goes, and why, without sending it: by a"
                + " configuration (also while no gateway runs), or by the gateway that runs (--live, --server).",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The table of --tests is YAML:",
            "  - request: GET http://api.example.com/orders/7",
            "    headers: {x-version: \"2\"}",
            "    from: 203.0.113.9                  # the client's address",
            "    route: orders                      # or 404, 405, 400",
            "    steps: [access-log, auth]          # ids of those that run, in order",
            "    target: http://127.0.0.1:9001      # or a list: all of which one may be chosen"
        })
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Parameters(index = "0", arity = "0..1", paramLabel = "METHOD", description = "Such as GET.")
    private @Nullable String method;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "URL",
            description = "A path, or a whole URL whose host is the field Host.")
    private @Nullable String url;

    @Option(names = "-H", paramLabel = "'NAME: VALUE'", description = "A header field; may be repeated.")
    private List<String> fields = new ArrayList<>();

    @Option(names = "-d", paramLabel = "@FILE", description = "The body, or a file with it.")
    private @Nullable String body;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "Who connects; this machine if not given.")
    private @Nullable String from;

    @Option(
            names = "--listener",
            paramLabel = "NAME",
            description = "By which listener it comes; the first that fits the URL if not given.")
    private @Nullable String listener;

    @Option(names = "--live", description = "Asks the gateway that runs.")
    private boolean live;

    @Option(
            names = "--deep",
            description = "Also makes the steps, so that they say what they would do: this runs code of the plugins.")
    private boolean deep;

    @Option(names = "--tests", paramLabel = "FILE", description = "Runs a table of requests and expectations instead.")
    private @Nullable Path tests;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        if ((tests == null) == (method == null || url == null)) {
            throw new ParameterException(spec.commandLine(), "expected: METHOD and URL, or --tests FILE");
        }
        if (isLive()) {
            if (deep) {
                throw new ParameterException(spec.commandLine(), "--deep is for a configuration, not for a gateway");
            }
            return answer(question -> admin.ask("explain", QuestionJson.write(question)));
        }
        Path named = admin.config();
        Path file = Installation.existing(named == null ? Installation.home().resolve("conf/gateway.yaml") : named);
        PrintWriter err = spec.commandLine().getErr();
        try (OfflineExplaining offline = OfflineExplaining.of(file, deep, err::println)) {
            return answer(offline);
        }
    }

    /** A file that is named goes before a gateway that the environment names. */
    private boolean isLive() {
        boolean told = spec.commandLine().getParseResult().hasMatchedOption("--server");
        return live || told || (admin.isNamed() && admin.config() == null);
    }

    private int answer(Explaining explaining) throws CommandException, UnreachableException {
        PrintWriter out = spec.commandLine().getOut();
        if (tests != null) {
            return ExplainTests.run(tests, explaining, out::println) ? Sallyport.YES : Sallyport.NO;
        }
        JsonNode told = explaining.explain(question(String.valueOf(method), String.valueOf(url)));
        if (json) {
            out.println(told.toPrettyString());
        } else {
            new ExplainText(told, out).print();
        }
        return told.path("route").isNull() ? Sallyport.NO : Sallyport.YES;
    }

    private Question question(String asked, String at) throws CommandException {
        List<Asked.Field> headers = new ArrayList<>();
        for (String field : fields) {
            int colon = field.indexOf(':');
            if (colon < 1) {
                throw new ParameterException(spec.commandLine(), "-H " + field + " (expected: 'name: value')");
            }
            headers.add(new Asked.Field(
                    field.substring(0, colon), field.substring(colon + 1).strip()));
        }
        try {
            return new Question(
                    asked,
                    at,
                    headers,
                    body == null ? Body.empty() : body(body),
                    listener,
                    from == null ? InetAddress.getLoopbackAddress() : QuestionJson.address(from));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
        }
    }

    private static Body body(String body) throws CommandException {
        try {
            return body.startsWith("@") ? Body.of(Files.readAllBytes(Path.of(body.substring(1)))) : Body.of(body);
        } catch (IOException e) {
            throw new CommandException(body.substring(1) + ": no such file (expected: the body)");
        }
    }
}
