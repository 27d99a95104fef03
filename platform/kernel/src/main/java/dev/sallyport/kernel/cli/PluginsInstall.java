package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.marketplace.Envelope;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code sallyport plugins install}. */
@Command(
        name = "install",
        description = "Installs a plugin in the gateway that runs, and waits until it serves.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A file is what ends in .jar or has a / in it; everything else is an id.",
            "The gateway takes it where its configuration says admin: {pluginUpload: trusted} or any.",
            "A signature that lies beside the jar, with .dsse.json after its name, is sent along.",
            "A plugin that is named by its id is fetched by this command from a marketplace of trust.marketplaces, and"
                    + " must be signed by a publisher of trust.publishers.",
            "A plugin can do all that the gateway can: install only what you trust."
        })
final class PluginsInstall implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginChange change;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Markets markets;

    @Parameters(
            paramLabel = "FILE|URL|ID[@VERSION]",
            arity = "0..1",
            description = "A jar, where to fetch it, or what a marketplace knows it by.")
    private @Nullable String what;

    @Option(names = "--from", paramLabel = "NAME", description = "The marketplace, where several offer it.")
    private @Nullable String from;

    @Option(
            names = "--locked",
            paramLabel = "FILE",
            description = "Installs exactly the jars that sallyport plugins lock has written down.")
    private @Nullable Path locked;

    @Option(
            names = "--into",
            paramLabel = "FOLDER",
            description = "Puts them into a plugins folder instead, where no gateway needs to run; from a marketplace"
                    + " only.")
    private @Nullable Path into;

    @Override
    public Integer call() throws CommandException, UnreachableException, MarketException {
        if ((what == null) == (locked == null)) {
            throw new ParameterException(
                    change.spec().commandLine(),
                    "name a plugin, or a lock file with --locked (expected: one of the two)");
        }
        if (locked != null) {
            refuse(from != null, "--from beside --locked: the lock file says where each comes from; leave it out");
            try (Marketplaces open = markets.open(change.admin().file())) {
                return new MarketInstall(open, change, into).installLocked(locked);
            }
        }
        return install(String.valueOf(what));
    }

    private int install(String named) throws CommandException, UnreachableException, MarketException {
        boolean isUrl = named.toLowerCase(Locale.ROOT).matches("https?://.*");
        PluginId id = isUrl || named.endsWith(".jar") ? null : PluginId.parse(named);
        if (id == null) {
            refuse(
                    from != null || into != null || markets.hasMirrors(),
                    "--from, --mirror and --into are for plugins that marketplaces have (expected: a plugin's id, not "
                            + named + "); leave them out");
            return isUrl ? fetchAndInstall(named) : installFile(named);
        }
        try (Marketplaces open = markets.openIfThere(change.admin().file(), from)) {
            return new MarketInstall(open, change, into).install(id, from);
        }
    }

    private void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new ParameterException(change.spec().commandLine(), message);
        }
    }

    private int installFile(String named) throws CommandException, UnreachableException {
        try {
            Path file = Path.of(named);
            if (Files.isRegularFile(file)) {
                return change.tell(new Sending(change).send(file));
            }
        } catch (InvalidPathException e) {
            // the same answer
        }
        throw new CommandException(named + ": no such file (expected: a jar, the URL of one, or a plugin's id)");
    }

    private int fetchAndInstall(String url) throws CommandException, UnreachableException {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("sallyport-install");
            Path file = folder.resolve("download.jar");
            Download.to(file, URI.create(url), Sending.MOST_BYTES);
            Download.ifThere(Signatures.of(file), URI.create(url + Signatures.SUFFIX), Envelope.MOST_BYTES);
            return change.tell(new Sending(change).send(file));
        } catch (IllegalArgumentException e) {
            throw new CommandException(url + " (expected: a URL such as https://example.com/plugin.jar)");
        } catch (IOException e) {
            throw new CommandException("a temporary folder cannot be made: " + e.getMessage());
        } finally {
            delete(folder);
        }
    }

    private static void delete(@Nullable Path folder) throws CommandException {
        try {
            if (folder != null) {
                Path file = folder.resolve("download.jar");
                Files.deleteIfExists(Signatures.of(file));
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new CommandException(folder + " cannot be deleted: " + e.getMessage());
        }
    }
}
