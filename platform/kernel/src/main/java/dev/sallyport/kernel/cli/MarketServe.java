package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.http.FolderServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport market serve}. */
@Command(
        name = "serve",
        description =
                "Serves the folder of a marketplace or of a mirror, until it is ended; any web server does it too.",
        mixinStandardHelpOptions = true)
final class MarketServe implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", description = "The folder.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path folder;

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8087",
            description = "Where; 127.0.0.1:8087 if not given.")
    @SuppressWarnings("NullAway.Init")
    private String address;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        if (!Files.isRegularFile(folder.resolve("index.json"))) {
            throw new CommandException(folder + " has no index.json (expected: the folder of a marketplace); make one"
                    + " with `sallyport market publish` or `sallyport market mirror`");
        }
        Address where;
        try {
            where = Address.parse(address);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--address " + e.getMessage());
        }
        if (where.socket() != null) {
            throw new CommandException("--address " + address + " (expected: a host and a port)");
        }
        Logger.getLogger("").setLevel(Level.WARNING);
        try (FolderServer server = FolderServer.start(folder, where)) {
            spec.commandLine().getOut().println("marketplace at http://" + where.host() + ":" + server.port() + "/");
            spec.commandLine().getOut().flush();
            server.join();
            return Sallyport.YES;
        } catch (IOException e) {
            throw new CommandException(address + " cannot be bound: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Sallyport.YES;
        }
    }
}
