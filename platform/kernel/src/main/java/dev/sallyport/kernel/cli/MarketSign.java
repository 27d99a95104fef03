package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Publication;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.marketplace.Envelope;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.MalformedException;
import dev.sallyport.marketplace.Signer;
import dev.sallyport.marketplace.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport market sign}. */
@Command(
        name = "sign",
        description = "Signs jars: writes JAR" + Signatures.SUFFIX + " beside each.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Where a signature over the same jar is there already, this one is added to it. To the index.json of a"
                    + " marketplace, which sallyport market publish has signed, a signature is added too."
        })
final class MarketSign implements Callable<Integer> {

    @Parameters(paramLabel = "JAR", arity = "1..*", description = "Jars of plugins, or an index.json.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<Path> jars;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "The private key, as sallyport market keygen makes it.")
    @SuppressWarnings("NullAway.Init")
    private Path key;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, MarketException {
        Signer signer = signer(key);
        for (Path jar : jars) {
            if (jar.endsWith("index.json")) {
                Index index = Publication.countersign(jar, signer);
                spec.commandLine()
                        .getOut()
                        .println(jar + ": index " + index.version() + " of " + index.name() + ", with "
                                + index.plugins().size() + " plugins and good until " + index.expires()
                                + ", is signed");
                continue;
            }
            Artefact artefact = inspect(jar);
            Path file = Signatures.of(jar);
            try {
                write(file, envelope(signer, jar, artefact).toJson());
            } catch (IOException e) {
                throw new CommandException(file + " cannot be written: " + e);
            }
            spec.commandLine().getOut().println(file + ": " + artefact + " is signed");
        }
        return Sallyport.YES;
    }

    /** Reads a private key. */
    static Signer signer(Path key) throws CommandException {
        try {
            return Signer.parse(Files.readString(key, StandardCharsets.US_ASCII));
        } catch (MalformedException e) {
            throw new CommandException(key + " " + e.getMessage());
        } catch (IOException e) {
            throw new CommandException(key + " cannot be read: " + e);
        }
    }

    /** The facts of a jar and the signature beside it. */
    static Artefact inspect(Path jar) throws CommandException {
        try {
            return Plugins.inspect(jar);
        } catch (PluginException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandException(jar + " cannot be read as a jar: " + e);
        }
    }

    private static Envelope envelope(Signer signer, Path jar, Artefact artefact) {
        Statement statement = Trust.statement(jar.getFileName().toString(), artefact);
        String before = artefact.envelope();
        if (before == null) {
            return signer.sign(statement);
        }
        try {
            return signer.sign(statement, Envelope.parse(before.getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedException e) {
            return signer.sign(statement);
        }
    }

    private static void write(Path file, String json) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.writeString(part, json);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
