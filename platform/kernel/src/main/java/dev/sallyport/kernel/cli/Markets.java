package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.market.Marketplaces;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where commands find marketplaces. */
final class Markets {

    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,98})=(.+)");

    @Option(
            names = "--mirror",
            paramLabel = "[NAME=]PLACE",
            description = "A folder, bundle or URL to take everything from in place of the configured one; it need not"
                    + " be trusted. With NAME= where several marketplaces are configured; may be given several times.")
    private @Nullable List<String> mirrors;

    private boolean unknown;

    boolean hasMirrors() {
        return mirrors != null;
    }

    /** The marketplaces that a configuration names. */
    Marketplaces open(Path config) throws CommandException {
        return open(config, null);
    }

    /**
     * The same.
     *
     * @param from the one that is meant; null for any
     */
    Marketplaces open(Path config, @Nullable String from) throws CommandException {
        Path file = Installation.existing(config);
        ConfigReader reader = reader(file);
        TrustConfig trust = reader.trust();
        if (trust == null) {
            throw new CommandException(invalid(file));
        }
        return open(trust, file, reader, places(trust, from));
    }

    /** The same; one that knows none where there is no configuration here. */
    Marketplaces openIfThere(Path config, @Nullable String from) throws CommandException {
        return Files.isRegularFile(config)
                ? open(config, from)
                : Marketplaces.open(Marketplaces.Setting.of(
                        TrustConfig.DEFAULT, config, Installation.home().resolve("data"), Map.of()));
    }

    /** The same, also where the configuration does not say validly whom it trusts: that is told then. */
    Marketplaces openAnyhow(Path config, PrintWriter err) throws CommandException {
        if (!Files.isRegularFile(config)
                || reader(Installation.existing(config)).trust() != null) {
            return openIfThere(config, null);
        }
        Path file = Installation.existing(config);
        err.println(invalid(file));
        unknown = true;
        return open(TrustConfig.DEFAULT, file, reader(file), Map.of());
    }

    /** Whether it could not be known which there are. */
    boolean isUnknown() {
        return unknown;
    }

    private static ConfigReader reader(Path file) {
        return new ConfigReader(file, Installation.home(), System::getenv);
    }

    private static String invalid(Path file) {
        return file + " does not say validly whom it trusts; `sallyport check` tells more";
    }

    private static Marketplaces open(TrustConfig trust, Path file, ConfigReader reader, Map<String, String> places) {
        Path data = Installation.home().resolve(reader.folders().data());
        Path folder = Objects.requireNonNull(file.getParent(), "folder of the configuration");
        return Marketplaces.open(Marketplaces.Setting.of(trust, folder, data, places));
    }

    private Map<String, String> places(TrustConfig trust, @Nullable String from) throws CommandException {
        List<String> names = trust.marketplaces().stream()
                .map(TrustConfig.MarketplaceConfig::name)
                .toList();
        Map<String, String> places = new HashMap<>();
        for (String each : mirrors == null ? List.<String>of() : mirrors) {
            Matcher named = NAMED.matcher(each);
            boolean isNamed = named.matches();
            if (!isNamed && from == null && names.size() > 1) {
                throw new CommandException("--mirror says not which marketplace it stands for (expected: NAME=PLACE,"
                        + " with one of " + String.join(", ", names) + "); name it");
            }
            String name = isNamed ? named.group(1) : from != null ? from : names.isEmpty() ? "" : names.getFirst();
            if (isNamed && !names.contains(name)) {
                throw new CommandException("--mirror " + name + "=…: no marketplace " + name
                        + " is configured (expected: " + String.join(", ", names)
                        + "); for a folder with such a name, write ./ before it");
            }
            if (places.put(name, isNamed ? named.group(2) : each) != null) {
                throw new CommandException("--mirror is given twice for the marketplace " + name
                        + " (expected: once for each); leave one out");
            }
        }
        return places;
    }
}
