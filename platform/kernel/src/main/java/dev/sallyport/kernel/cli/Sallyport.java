package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.MarketException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The command {@code sallyport}. It ends with 0 for yes or done, 1 for no, 2 for wrong usage, 3 where the gateway cannot be
 * reached or does not know the caller.
 */
@Command(
        name = "sallyport",
        description = "An API gateway made of plugins.",
        mixinStandardHelpOptions = true,
        versionProvider = Sallyport.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "sallyport COMMAND --help tells more about one."})
public final class Sallyport {

    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            DemoCommand.class,
            DevCommand.class,
            PrepareCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            PlanCommand.class,
            ApplyCommand.class,
            RollbackCommand.class,
            HistoryCommand.class,
            DumpCommand.class,
            PluginsCommand.class,
            CanaryCommand.class,
            StepsCommand.class,
            TraceCommand.class,
            ReplayCommand.class,
            ScriptsCommand.class,
            ConsumersCommand.class,
            ConvertCommand.class,
            MarketCommand.class,
            SchemaCommand.class);

    static final int YES = 0;
    static final int NO = 1;
    static final int UNREACHABLE = 3;

    private Sallyport() {}

    /** Runs one command. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int status = run(out, err, arguments);
        out.flush();
        err.flush();
        System.exit(status);
    }

    /** Runs one command and gives its exit status. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return line(arguments)
                .setOut(out)
                .setErr(err)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println(message(failure));
                    return failure instanceof UnreachableException ? UNREACHABLE : NO;
                })
                .execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }

    /**
     * The commands that can be meant by these words: all but one are left out where the first word names it, since to read
     * what the others are would take a good part of the time until a gateway serves.
     */
    static CommandLine line(String... arguments) {
        CommandLine line = new CommandLine(new Sallyport());
        List<Class<?>> named = COMMANDS.stream()
                .filter(each -> arguments.length > 0
                        && each.getAnnotation(Command.class).name().equals(arguments[0]))
                .toList();
        (named.isEmpty() ? COMMANDS : named).forEach(line::addSubcommand);
        return line;
    }

    /** What a person needs of a failure: expected ones tell it in their message, others in their stack. */
    private static String message(Exception failure) {
        if (failure instanceof CommandException
                || failure instanceof UnreachableException
                || failure instanceof MarketException) {
            return "sallyport: " + failure.getMessage();
        }
        StringBuilder text = new StringBuilder("sallyport: internal error: ").append(failure);
        for (StackTraceElement frame : failure.getStackTrace()) {
            text.append("\n  at ").append(frame);
        }
        return text.toString();
    }

    /** The version, from this jar's manifest. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"sallyport " + version() + ", Java " + Runtime.version()};
        }
    }

    static String version() {
        String version = Sallyport.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
