package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.FileWatch;
import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for changes of a project, builds it, and has the gateway swap the plugin: one thread, one change after the other. */
final class DevLoop implements AutoCloseable {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 20;

    private final DevProject project;
    private final DevHome home;
    private final Path config;
    private final PrintWriter out;
    private final Thread thread = Thread.ofPlatform().name("dev").unstarted(this::run);
    private final Runnable onFailure;
    private volatile boolean failed;
    private @Nullable Gateway gateway;
    private Set<DevProject.Look> built = Set.of();
    private Set<DevProject.Look> compiled = Set.of();
    private DevProject.@Nullable Look jar;
    private DevProject.@Nullable Look tried;
    private String dropped = "";

    /** @param onFailure called where it cannot go on */
    DevLoop(DevProject project, DevHome home, Path config, PrintWriter out, Runnable onFailure) {
        this.project = project;
        this.home = home;
        this.config = config;
        this.out = out;
        this.onFailure = onFailure;
    }

    void start() {
        thread.start();
    }

    /** Whether it has ended by itself, which it says. */
    boolean failed() {
        return failed;
    }

    private void run() {
        BlockingQueue<Boolean> changes = new ArrayBlockingQueue<>(1); // one that waits is enough
        Path first = project.jar();
        if (first != null && !(project.builds() && project.isOlderThanSources(first))) {
            built = project.sources();
        }
        try (var _ = new FileWatch("watch project", this::watched, () -> changes.offer(true))) {
            say("watching " + project.root() + "; Ctrl-C ends it");
            turn();
            while (true) {
                changes.take();
                turn();
            }
        } catch (InterruptedException ending) {
            // the gateway is closed by whoever interrupts
        } catch (RuntimeException | Error e) {
            say("cannot go on: " + e);
            failed = true;
            onFailure.run();
        }
    }

    /** The configuration counts until there is a gateway, which watches it itself. */
    private Set<Path> watched() {
        Set<Path> all = project.watched();
        all.add(config);
        return all;
    }

    private void turn() throws InterruptedException {
        try {
            long start = System.nanoTime();
            Set<DevProject.Look> sources = project.sources();
            if (project.builds() && !sources.equals(built)) {
                boolean done = project.build();
                built = sources;
                if (!done) {
                    compiled = project.compiled();
                    say("the build failed" + (dropped.isEmpty() ? "" : "; what served before serves on"));
                    return;
                }
            }
            Path file = project.jar();
            if (file == null) {
                return;
            }
            DevProject.Look look = DevProject.Look.of(file);
            Set<DevProject.Look> classes = project.compiled();
            DevProject.Look yaml = DevProject.Look.of(config);
            if (!look.equals(jar) || (gateway == null && !yaml.equals(tried))) {
                take(file, start);
                jar = look;
                tried = yaml;
                compiled = classes;
            } else if (!classes.equals(compiled)) {
                take(project.packed(file, home.folder().resolve("packed.jar")), start);
                compiled = classes;
            }
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            say("cannot go on with this change, and tries again at the next: " + e);
        }
    }

    private void take(Path file, long start) throws IOException, InterruptedException {
        try {
            Artefact plugin = MarketSign.inspect(file);
            if (plugin.sha256().equals(dropped)) {
                return;
            }
            home.drop(file, plugin.id());
            dropped = plugin.sha256();
            if (gateway == null) {
                home.refuseOtherFolders(config);
                gateway = RunCommand.start(config, home.folder(), home::folders);
                Announcement.print(gateway, config, out);
                if (!serves(gateway, plugin)) {
                    String refusal = refusal(gateway, plugin);
                    say(refusal == null ? unused(plugin) : refusal);
                }
                Announcement.ready(out);
            } else {
                say(outcome(gateway, plugin, start));
            }
        } catch (CommandException e) {
            say(e.getMessage());
        } finally {
            if (gateway == null) {
                dropped = ""; // once more, when something has changed
            }
        }
    }

    /** Waits for what becomes of it. */
    private static String outcome(Gateway gateway, Artefact plugin, long start) throws InterruptedException {
        long since = System.nanoTime(); // a build before it may have taken longer
        while (System.nanoTime() - since < PATIENCE.toNanos()) {
            if (serves(gateway, plugin)) {
                return plugin + " serves, " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)
                        + " ms after the change was seen (generation "
                        + gateway.generation().number() + ")";
            }
            String refusal = refusal(gateway, plugin);
            if (refusal != null) {
                return refusal + "; what served before serves on";
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return unused(plugin);
    }

    private static boolean serves(Gateway gateway, Artefact plugin) {
        return gateway.generation().artefacts().stream()
                .anyMatch(each -> each.sha256().equals(plugin.sha256()));
    }

    /** Null where it is not refused. */
    private static @Nullable String refusal(Gateway gateway, Artefact plugin) {
        return gateway.catalogue().refused().stream()
                .filter(each -> isOf(each, plugin))
                .map(each -> "refused: " + each.reason())
                .findFirst()
                .orElse(null);
    }

    private static String unused(Artefact plugin) {
        return plugin + " is there, but nothing uses it: a step of the configuration must, in the same major version";
    }

    private static boolean isOf(Catalogue.Refused refused, Artefact plugin) {
        Artefact artefact = refused.artefact();
        return artefact != null && artefact.sha256().equals(plugin.sha256());
    }

    private void say(@Nullable String what) {
        out.println(LocalTime.now(ZoneId.systemDefault()).format(TIME) + " " + what);
        out.flush();
    }

    /** Ends it, and the gateway. */
    @Override
    public void close() {
        thread.interrupt();
        project.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (gateway != null) {
            gateway.close();
        }
    }
}
