package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where commands find marketplaces. */
final class Markets {

    @Option(
            names = "--mirror",
            paramLabel = "PLACE",
            description = "A folder, bundle or URL to take everything from in place of the configured ones; it need not"
                    + " be trusted.")
    private @Nullable String mirror;

    /** The marketplaces that a configuration names. */
    Marketplaces open(Path config) throws CommandException, MarketException {
        Path file = Installation.existing(config);
        ConfigReader reader = new ConfigReader(file, Installation.home(), System::getenv);
        TrustConfig trust = reader.trust();
        if (trust == null) {
            throw new CommandException(file + " does not say validly whom it trusts; `sallyport check` tells more");
        }
        Path data = Installation.home().resolve(reader.folders().data());
        Path folder = Objects.requireNonNull(file.getParent(), "folder of the configuration");
        return Marketplaces.open(Marketplaces.Setting.of(trust, folder, data, mirror));
    }

    /** The same; one that knows none where there is no configuration here. */
    Marketplaces openIfThere(Path config) throws CommandException, MarketException {
        return Files.isRegularFile(config)
                ? open(config)
                : Marketplaces.open(Marketplaces.Setting.of(
                        TrustConfig.DEFAULT, config, Installation.home().resolve("data"), mirror));
    }
}
