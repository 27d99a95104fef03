package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Mirror;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport market mirror}. */
@Command(
        name = "mirror",
        description =
                "Copies a marketplace, or some plugins of it, into a folder, or into a bundle for where no network is.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What is there already is not fetched again. Whoever reads the copy trusts the same keys, and not the copy."
        })
final class MarketMirror implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "The marketplace, as the configuration names it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "FOLDER|FILE.zip",
            description = "Where to: a folder, or one file with all of it.")
    @SuppressWarnings("NullAway.Init")
    private Path target;

    @Parameters(index = "2..*", paramLabel = "ID[@VERSION]", description = "The plugins; all if none are given.")
    private @Nullable List<String> ids;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Installation installation;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Markets markets;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, MarketException {
        List<Mirror.Wanted> wanted = new ArrayList<>();
        for (String each : ids == null ? List.<String>of() : ids) {
            PluginId id = PluginId.parse(each);
            if (id == null) {
                throw new CommandException(each + " (expected: a plugin's id, such as rate-limit or rate-limit@1.4.0)");
            }
            wanted.add(new Mirror.Wanted(id.id(), id.version()));
        }
        try (Marketplaces open = markets.open(installation.config(), name)) {
            Mirror mirror = new Mirror(
                    open.named(name), new ProgressBar(spec.commandLine().getErr()));
            boolean bundle = target.toString().endsWith(".zip");
            Mirror.Done done = bundle ? mirror.bundle(target.toAbsolutePath(), wanted) : mirror.into(target, wanted);
            spec.commandLine()
                    .getOut()
                    .println(target + ": index " + done.index() + " of " + name + ", " + done.fetched()
                            + " jars fetched, " + done.kept() + " there already");
            return Sallyport.YES;
        }
    }
}
