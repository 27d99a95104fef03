package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.PluginSettings;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.step.OpenServices;
import dev.sallyport.kernel.step.SecretSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The folder with {@code bin}, {@code conf}, {@code lib} and {@code plugins}, and the configuration that a command is about. */
final class Installation {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; conf/gateway.yaml of the installation if not given.")
    private @Nullable Path config;

    /** What offline commands look at: plugins as they lie in the folder, and the configuration as it stands. */
    record Offline(
            Plugins plugins,
            Catalogue catalogue,
            OfflineServices lent,
            OpenServices open,
            SecretSources secrets,
            ConfigReader reader)
            implements AutoCloseable {

        /** Reads the configuration, every mistake counting. */
        Reading read() {
            return reader.read(catalogue, ConfigReader.Options.STRICT);
        }

        @Override
        public void close() {
            secrets.close();
            lent.close();
            plugins.close();
        }
    }

    /** The folder that the launcher is in; the working folder where it was not started by the launcher. */
    static Path home() {
        return Path.of(System.getProperty("sallyport.home", ""))
                .toAbsolutePath()
                .normalize();
    }

    /** The main configuration file, which exists. */
    Path config() throws CommandException {
        return existing(config == null ? home().resolve("conf/gateway.yaml") : config);
    }

    /** That file, if it is there. */
    static Path existing(Path file) throws CommandException {
        if (!Files.isRegularFile(file)) {
            throw new CommandException(file + ": no such file (expected: a configuration); name another with --config");
        }
        return file.toAbsolutePath().normalize();
    }

    Offline offline() throws CommandException {
        return offline(config());
    }

    /** Looks at a configuration without disturbing a gateway that runs on it. */
    static Offline offline(Path file) throws CommandException {
        // What a gateway would log while it starts is no answer to a question.
        Logger.getLogger("").setLevel(Level.WARNING);
        ConfigReader reader = new ConfigReader(file, home(), System::getenv);
        GatewayConfig.Folders folders = reader.folders();
        // Where it is wrong the reading says so, and need not blame each step for it too.
        TrustConfig trust = reader.trust();
        try {
            Plugins plugins =
                    Plugins.open(PluginSettings.of(home().resolve(folders.plugins()), home().resolve(folders.data()))
                            .withOwner(false)
                            .withTrust(trust == null ? TrustConfig.DEFAULT : trust));
            OfflineServices lent = new OfflineServices(home().resolve(folders.scripts()));
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "folder of the configuration");
            OpenServices open = new OpenServices(lent::get, plugins, folder, home().resolve(folders.data()));
            SecretSources secrets = new SecretSources(open);
            ConfigReader asking = new ConfigReader(file, home(), System::getenv, secrets);
            return new Offline(plugins, plugins.catalogue(), lent, open, secrets, asking);
        } catch (IOException e) {
            throw new CommandException("the plugins cannot be read: " + e.getMessage());
        }
    }
}
