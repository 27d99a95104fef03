package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.ServiceConfig;
import dev.sallyport.kernel.deploy.CommandRefusedException.Why;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginChanges;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Installs, upgrades, removes and rolls back plugins by command. Each returns when the new generation serves, or throws
 * {@link CommandRefusedException} saying why not; then nothing has changed. Thread-safe.
 */
public final class PluginCommands {

    private final Deployer deployer;
    private final History history;
    private final Plugins plugins;
    private final Map<String, String> refused = new ConcurrentSkipListMap<>();

    public PluginCommands(Deployer deployer, History history, Plugins plugins) {
        this.deployer = deployer;
        this.history = history;
        this.plugins = plugins;
    }

    /**
     * How a command is done.
     *
     * @param author who asks for it
     * @param dryRun whether only to try it: nothing changes
     * @param force whether routes may be left without a step, to answer 503
     * @param seen the number of the generation that must serve for it to be done; null for any
     */
    public record How(
            String author,
            boolean dryRun,
            boolean force,
            @Nullable Integer seen) {}

    /**
     * What was done.
     *
     * @param id the plugin's id
     * @param version the version that it is about; null for all of them
     * @param changed whether there was anything to do
     * @param result the generation that came of it
     * @param unserved the steps that are left without a plugin
     */
    public record Done(
            String id, @Nullable String version, boolean changed, ReloadResult result, List<String> unserved) {}

    /** Why the last command on a plugin failed, by its id; until one succeeds. */
    public Map<String, String> refused() {
        return Map.copyOf(refused);
    }

    /**
     * Verifies a jar and copies it into the store; nothing offers it yet.
     *
     * @param envelope the signature that came with it; null for none
     * @throws PluginException saying why it is not taken
     */
    public PluginChanges.Stored store(Path jar, @Nullable String envelope) throws PluginException {
        return plugins.changes().store(jar, "the jar", envelope);
    }

    /** Deletes a copy again that has come to nothing. */
    public void discard(PluginChanges.Stored stored) {
        plugins.changes().discard(stored);
    }

    /** Installs an artefact that lies in the store: it is offered as if it lay in the plugins folder. */
    public Done install(Artefact artefact, How how) {
        AtomicReference<@Nullable LoadedArtefact> loaded = new AtomicReference<>();
        try {
            return run(artefact.id(), artefact.version(), "install " + artefact, how, changes -> {
                PluginChanges.Proposal proposal = changes.install(artefact, how.author());
                try {
                    offered(artefact);
                    LoadedArtefact linked = linked(artefact);
                    if (how.dryRun()) {
                        // Else it would be in use when it is taken back, and be shown as one that leaves.
                        plugins.release(linked);
                    } else {
                        loaded.set(linked);
                    }
                    return proposal;
                } catch (CommandRefusedException e) {
                    proposal.undo();
                    throw e;
                }
            });
        } finally {
            LoadedArtefact held = loaded.get();
            if (held != null) {
                plugins.release(held);
            }
        }
    }

    /** Also where no route uses it: what does not load is not installed. */
    private LoadedArtefact linked(Artefact artefact) {
        LoadedArtefact loaded = null;
        try {
            loaded = plugins.acquire(artefact);
            loaded.link();
            return loaded;
        } catch (PluginException e) {
            if (loaded != null) {
                plugins.release(loaded);
            }
            throw new CommandRefusedException(Why.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void offered(Artefact artefact) {
        Catalogue catalogue = plugins.catalogue();
        if (!catalogue.present().contains(artefact)) {
            String reason = catalogue.refused().stream()
                    .filter(each -> artefact.equals(each.artefact()))
                    .map(Catalogue.Refused::reason)
                    .findFirst()
                    .orElse("is not offered");
            throw new CommandRefusedException(Why.CONFLICT, "the jar " + reason);
        }
    }

    /**
     * Takes the newest release that is offered or was declined.
     *
     * @param major whether it may be of another major version
     */
    public Done upgrade(String id, boolean major, How how) {
        return run(id, null, "upgrade " + id, how, changes -> {
            Artefact now = changes.serving(id);
            Artefact target = changes.newest(id, each -> major || now == null || each.isOfSameMajorAs(now));
            if (target == null) {
                throw unknown(id, null, changes);
            }
            boolean newer = now == null || target.isNewerThan(now);
            if (!newer || (now == null && plugins.catalogue().present().contains(target))) {
                return null;
            }
            PluginChanges.Proposal proposal = changes.upgrade(target);
            try {
                offered(target);
                return proposal;
            } catch (CommandRefusedException e) {
                proposal.undo();
                throw e;
            }
        });
    }

    /** Goes back to the artefact that served before the one that does, which is declined until its bytes change. */
    public Done rollback(String id, How how) {
        return run(id, null, "rollback " + id, how, changes -> {
            Artefact now = changes.serving(id);
            Artefact earlier = changes.earlier(id);
            if (earlier == null) {
                if (changes.present(id).isEmpty()) {
                    throw unknown(id, null, changes);
                }
                throw new CommandRefusedException(
                        Why.NOTHING_TO_TAKE,
                        "no earlier version of " + id + " is kept that served here (now: "
                                + (now == null ? "none serves" : now.version()) + "); install one");
            }
            return changes.rollback(now, earlier, how.author());
        });
    }

    /**
     * Removes a plugin, or one version of it: what was installed is forgotten, what lies in the folder is declined.
     *
     * @param version null for all versions
     */
    public Done remove(String id, @Nullable String version, How how) {
        return run(id, version, "remove " + id + (version == null ? "" : " " + version), how, changes -> {
            List<Artefact> removed = changes.present(id).stream()
                    .filter(each -> version == null || each.version().equals(version))
                    .toList();
            if (removed.isEmpty()) {
                throw unknown(id, version, changes);
            }
            return changes.remove(removed);
        });
    }

    private CommandRefusedException unknown(String id, @Nullable String version, PluginChanges changes) {
        List<String> there =
                changes.present(id).stream().map(Artefact::version).sorted().toList();
        return there.isEmpty()
                ? new CommandRefusedException(Why.UNKNOWN, "there is no plugin " + id)
                : new CommandRefusedException(
                        Why.UNKNOWN,
                        "there is no release of " + id + (version == null ? "" : " " + version)
                                + " to take (there are: " + String.join(", ", there) + ")");
    }

    /** @param command gives null where there is nothing to do */
    private Done run(
            String id,
            @Nullable String version,
            String reason,
            How how,
            Function<PluginChanges, PluginChanges.@Nullable Proposal> command) {
        List<String> unserved = new ArrayList<>();
        boolean[] idle = {false};
        try {
            ReloadResult result = deployer.change(new Change(how.author(), reason, ""), how.dryRun(), () -> {
                check(how);
                Catalogue before = plugins.catalogue();
                PluginChanges.Proposal proposal = command.apply(plugins.changes());
                if (proposal == null) {
                    idle[0] = true;
                    return null;
                }
                unserved.addAll(unserved(before, plugins.catalogue()));
                if (!unserved.isEmpty() && !how.force()) {
                    proposal.undo();
                    throw new CommandRefusedException(
                            Why.IN_USE,
                            "it is used by " + String.join("; ", unserved)
                                    + ": take the steps out of the configuration, or force it: they answer 503 then",
                            unserved);
                }
                return proposal;
            });
            if (!idle[0]) {
                refuse(result, how.dryRun());
            }
            refused.remove(id);
            return new Done(id, version, !idle[0], result, List.copyOf(unserved));
        } catch (CommandRefusedException e) {
            if (!how.dryRun() && (e.why() == Why.FAILED || e.why() == Why.CONFLICT)) {
                refused.put(id, reason + ": " + e.getMessage());
            }
            throw e;
        }
    }

    private void check(How how) {
        Hold hold = history.hold();
        if (hold != null) {
            throw new CommandRefusedException(
                    Why.HELD,
                    "a rollback holds generation " + hold.generation()
                            + ": release it first (sallyport rollback --release, or apply)");
        }
        int serves = deployer.generation().number();
        if (how.seen() != null && how.seen() != serves) {
            throw new CommandRefusedException(
                    Why.CHANGED_MEANWHILE, "generation " + serves + " serves now, and not " + how.seen());
        }
    }

    private static void refuse(ReloadResult result, boolean dryRun) {
        List<String> errors = result.problems().stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .map(ConfigProblem::toString)
                .toList();
        if (!errors.isEmpty()) {
            throw new CommandRefusedException(Why.FAILED, errors.getFirst(), errors);
        }
        if (!result.applied() && !dryRun) {
            throw new CommandRefusedException(Why.FAILED, "the gateway is stopping");
        }
    }

    /** The steps that had a plugin and have none any more. */
    private List<String> unserved(Catalogue before, Catalogue after) {
        ResolvedConfig config = deployer.generation().config();
        Stream<String> steps = config.allSteps().stream()
                .filter(step -> artefact(before, step) != null && artefact(after, step) == null)
                .map(step -> step.context() + ", step " + step.id());
        Stream<String> services = config.config().services().stream()
                .filter(service -> artefact(before, service) != null && artefact(after, service) == null)
                .map(service -> "service " + service.name());
        return Stream.concat(steps, services).distinct().toList();
    }

    private static @Nullable Artefact artefact(Catalogue catalogue, ServiceConfig service) {
        return catalogue.artefact(catalogue.servicePoint(service.type()), service.type(), service.version());
    }

    private static @Nullable Artefact artefact(Catalogue catalogue, ResolvedStep step) {
        return catalogue.artefact("filter", step.step().type(), step.step().version());
    }
}
