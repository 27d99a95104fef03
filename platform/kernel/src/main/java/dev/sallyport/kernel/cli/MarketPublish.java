package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Publication;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Signer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport market publish}. */
@Command(
        name = "publish",
        description = "Makes a marketplace in a folder, for any web server, or adds to it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Each jar has its publisher's signature beside it (sallyport market sign), and may have a bill of materials"
                    + " there, with .cdx.json after its name.",
            "Without jars the index is signed anew, so that it does not expire."
        })
final class MarketPublish implements Callable<Integer> {

    private static final Pattern DAYS = Pattern.compile("(\\d{1,4})d");

    @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder of the marketplace.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path folder;

    @Parameters(index = "1..*", paramLabel = "JAR", description = "Signed jars of plugins.")
    private @Nullable List<Path> jars;

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "The marketplace's name.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "A private key of the marketplace; several where several must sign, or while keys change.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> keys;

    @Option(
            names = "--about",
            paramLabel = "FILE",
            description = "A JSON file with what the jars do not say: docs, status, advisories, what is yanked.")
    private @Nullable Path about;

    @Option(
            names = "--valid",
            paramLabel = "DAYS",
            defaultValue = "30d",
            description = "For how long the index is to be believed; 30d if not given.")
    @SuppressWarnings("NullAway.Init")
    private String valid;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, MarketException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,98}")) {
            throw new CommandException(name + " (expected: letters, digits, '.', '_' and '-')");
        }
        Matcher days = DAYS.matcher(valid);
        if (!days.matches() || Integer.parseInt(days.group(1)) == 0) {
            throw new CommandException("--valid " + valid + " (expected: days, such as 30d)");
        }
        List<Signer> signers = new ArrayList<>();
        for (Path each : keys) {
            signers.add(MarketSign.signer(each));
        }
        Index index = new Publication(folder, name, signers, Clock.systemUTC())
                .publish(jars == null ? List.of() : jars, about, Duration.ofDays(Integer.parseInt(days.group(1))));
        spec.commandLine()
                .getOut()
                .println(folder + ": index " + index.version() + " of " + name + " lists "
                        + index.plugins().size() + " plugins, good until " + index.expires());
        return Sallyport.YES;
    }
}
