package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.marketplace.LockFile;
import dev.sallyport.marketplace.LockFile.Locked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport plugins lock}. */
@Command(
        name = "lock",
        description = "Writes down exactly which jars the gateway has, for others to have the same.",
        mixinStandardHelpOptions = true,
        footer = {"", "sallyport plugins install --locked FILE makes another gateway have them."})
final class PluginsLock implements Callable<Integer> {

    private static final Set<String> THERE = Set.of("serving", "available");

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Parameters(paramLabel = "FILE", defaultValue = "plugins.lock", description = "plugins.lock if not given.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(names = "--only", paramLabel = "ID", description = "Only that plugin; may be given several times.")
    private @Nullable List<String> only;

    @Option(
            names = "--check",
            description = "Writes nothing: ends with 1 where the gateway has others than FILE names, or another version"
                    + " of one serves.")
    private boolean check;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Whether that is a version that the gateway has taken. */
    static boolean isThere(JsonNode version) {
        return THERE.contains(version.path("state").asString(""));
    }

    /** Whether it serves the steps that name no version. */
    static boolean isServing(JsonNode version) {
        return version.path("state").asString("").equals("serving");
    }

    @Override
    public Integer call() throws CommandException, UnreachableException, MarketException {
        LockFile lock;
        try (Marketplaces markets =
                new Markets().openAnyhow(admin.file(), spec.commandLine().getErr())) {
            lock = lock(markets);
        }
        return check ? compare(wanted(MarketInstall.read(file)), wanted(lock)) : write(wanted(lock));
    }

    private LockFile wanted(LockFile lock) {
        List<String> ids = only;
        return ids == null
                ? lock
                : new LockFile(lock.plugins().stream()
                        .filter(each -> ids.contains(each.id()))
                        .toList());
    }

    private LockFile lock(Marketplaces markets) throws CommandException, UnreachableException, MarketException {
        List<Locked> locked = new ArrayList<>();
        JsonNode plugins = admin.get("plugins");
        if (plugins != null) {
            for (JsonNode each : plugins) {
                if (isThere(each)) {
                    String id = each.path("id").asString("");
                    String origin = markets.origin(id);
                    locked.add(new Locked(
                            id,
                            each.path("version").asString(""),
                            each.path("sha256").asString(""),
                            origin == null ? "" : origin,
                            isServing(each)));
                }
            }
        }
        return new LockFile(locked);
    }

    private int write(LockFile lock) throws CommandException {
        Path target = file.toAbsolutePath();
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            Files.writeString(part, lock.toJson());
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be written: " + e);
        }
        spec.commandLine().getOut().println(file + ": " + lock.plugins().size() + " plugins");
        return Sallyport.YES;
    }

    private int compare(LockFile asked, LockFile found) {
        List<String> differences = Stream.of(
                        asked.plugins().stream()
                                .filter(each -> same(found, each).isEmpty())
                                .map(each -> "missing: " + shown(each)),
                        found.plugins().stream()
                                .filter(each -> same(asked, each).isEmpty())
                                .map(each -> "not locked: " + shown(each)),
                        asked.plugins().stream()
                                .filter(each -> each.serving()
                                        && same(found, each)
                                                .filter(other -> !other.serving())
                                                .isPresent())
                                .map(each -> "not serving: " + shown(each)))
                .flatMap(each -> each)
                .toList();
        differences.forEach(spec.commandLine().getOut()::println);
        if (differences.isEmpty()) {
            spec.commandLine().getOut().println("the gateway has exactly what " + file + " names");
        }
        return differences.isEmpty() ? Sallyport.YES : Sallyport.NO;
    }

    private static Optional<Locked> same(LockFile lock, Locked one) {
        return lock.plugins().stream()
                .filter(each -> each.sha256().equals(one.sha256()))
                .findFirst();
    }

    private static String shown(Locked each) {
        return each.id() + " " + each.version() + " sha256:" + each.sha256();
    }
}
