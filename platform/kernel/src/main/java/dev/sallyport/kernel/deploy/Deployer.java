package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.canary.Trial;
import dev.sallyport.kernel.canary.Verdict;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.GatewayConfig.Source;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.deploy.CommandRefusedException.Why;
import dev.sallyport.kernel.deploy.GenerationRecord.PluginUsed;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import dev.sallyport.kernel.lint.Lint;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plan.Difference;
import dev.sallyport.kernel.plan.Differences;
import dev.sallyport.kernel.plan.Plan;
import dev.sallyport.kernel.plan.Reroutes;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.PluginChanges;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.recent.RecentExchanges;
import dev.sallyport.kernel.recent.RecentExchanges.Ended;
import dev.sallyport.kernel.script.ScriptService;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries changes through: of config, plugins or scripts. Each is read, compiled into a new generation beside the one that
 * serves, and swapped in by one reference; where anything fails before that, the old one serves on. All changes run on one
 * thread, one after the other. Thread-safe.
 */
public final class Deployer implements AutoCloseable {

    private static final Logger LOG = System.getLogger("gateway");

    private static final String SCRIPTS = "scripts";
    private static final ConfigReader.Options TOLERANT = new ConfigReader.Options(true, Set.of());

    /** How long a change, or the start, waits for the first list of targets of an upstream that discovers them. */
    private static final Duration FIRST_TARGETS = Duration.ofSeconds(3);

    /** How far back a watched change is compared with what was. */
    private static final Duration BASELINE = Duration.ofMinutes(5);

    /** What operators must not change: who may do what, and whose code is run. */
    private static final Set<String> ADMINS_OWN = Set.of("admin", "trust", "folders");

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deploy").factory());

    private final LintNote lintNote = new LintNote(thread);
    private final Path configFile;
    private final Home home;
    private final Path data;
    private final Inputs folders;
    private final History history;
    private final Plugins plugins;
    private final ScriptService scripts;
    private final Compiler compiler;
    private final Listeners listeners;
    private final Draining draining;
    private final AtomicReference<@Nullable Serving> serving;
    private final GatewayLog log;

    private final RecentExchanges endings = new RecentExchanges();
    private volatile @Nullable Watch watch;
    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile Set<Path> watched = Set.of();
    private volatile List<String> degraded = List.of();
    private volatile List<String> pending = List.of();
    private volatile BiConsumer<Change, ReloadResult> outcomes = (change, result) -> {};
    private Path scriptsNow;

    /** For the deploying thread: by which the steps that serve were found; null before the first. */
    private @Nullable Catalogue catalogueNow;

    /** For the deploying thread: what was decided of the canaries that serve. */
    private Map<String, Verdict> verdicts = Map.of();

    /** For the deploying thread: what a rule said of it was refused, once is enough. */
    private Set<Trial> unheeded = Set.of();

    private volatile boolean stopping;

    /**
     * A deployer; nothing serves before {@link #first}.
     *
     * @param configFile the main file
     * @param home the folders of this gateway
     * @param serving what the listeners serve: set by this alone
     */
    public Deployer(
            Path configFile,
            Home home,
            ConfigReader reader,
            History history,
            Plugins plugins,
            ScriptService scripts,
            Compiler compiler,
            Listeners listeners,
            Draining draining,
            AtomicReference<@Nullable Serving> serving,
            GatewayLog log) {
        this.configFile = configFile;
        this.home = home;
        this.data = home.data();
        this.history = history;
        this.plugins = plugins;
        this.scripts = scripts;
        this.compiler = compiler;
        this.listeners = listeners;
        this.draining = draining;
        this.serving = serving;
        this.log = log;
        folders = new Inputs(reader, () -> offered(reader), home.scripts(), () -> verdicts, null);
        scriptsNow = home.scripts();
        // Else stopping would wait for the drain limits of generations that are long gone.
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** The generation that serves. */
    public Generation generation() {
        return Objects.requireNonNull(serving.get(), "nothing serves yet").generation();
    }

    /** The files and folders whose change means that the configuration must be read again. */
    public Set<Path> watched() {
        return watched;
    }

    /** What does not work, in a sentence each. */
    public List<String> degraded() {
        List<String> all = new ArrayList<>(generation().degraded());
        all.addAll(degraded);
        Hold hold = history.hold();
        if (hold != null) {
            all.add("a rollback holds: generation " + hold.generation() + " serves since " + hold.since() + ", "
                    + pending.size() + " changes wait");
        }
        ResolvedConfig config = generation().config();
        config.upstreams().forEach((name, upstream) -> {
            if (upstream.targets().isEmpty() && upstream.discover() == null) {
                all.add("upstream " + name + " is not there: its routes answer 503");
            }
        });
        plugins.catalogue().refused().stream()
                .filter(refused -> !refused.declined())
                .forEach(refused -> all.add("plugin refused: " + refused));
        plugins.report().plugins().stream()
                .filter(plugin -> plugin.leaked() > 0)
                .forEach(plugin -> all.add("plugin " + plugin.id() + ": " + plugin.leaked()
                        + " unloaded versions are still in memory; sallyport plugins doctor says what holds them"));
        String unreadable = plugins.unreadable();
        if (unreadable != null) {
            all.add(unreadable);
        }
        return all;
    }

    /** How many changes serve or served. */
    public int applied() {
        return applied.get();
    }

    /** How many changes were refused. */
    public int refused() {
        return refusals.get();
    }

    /**
     * The first generation: from the files, or where they are broken from what served last.
     *
     * @param again whether the process before this one was ended by what it ran, so that what served last comes first
     * @throws StartException saying why nothing can serve
     */
    public void first(boolean again) throws StartException, IOException {
        onThread(() -> {
            start(again);
            return true;
        });
    }

    private void start(boolean again) throws StartException, IOException {
        Folder.delete(data.resolve(SCRIPTS)); // copies for generations of the process before
        Hold hold = history.hold();
        GenerationRecord held = hold == null ? null : history.find(hold.generation());
        if (hold != null) {
            ReloadResult result =
                    held == null ? refusal("it is not kept any more") : again(held, Change.ofFiles("started"));
            if (result.applied()) {
                started(result);
                lookWhatIsPending();
                return;
            }
            LOG.log(
                    Level.ERROR,
                    "generation {0} is held and cannot serve; the files serve instead: {1}",
                    Integer.toString(hold.generation()),
                    first(result.problems()));
        }
        List<GenerationRecord> before = history.newestFirst();
        verdicts = before.isEmpty() ? Map.of() : before.getFirst().verdicts();
        if (again && !before.isEmpty()) {
            ReloadResult result = again(before.getFirst(), Change.ofFiles("started again"));
            if (result.applied()) {
                started(result);
                lookWhatIsPending();
                degraded = pending.stream()
                        .map(change ->
                                "not taken, since the gateway ran out of memory; sallyport apply takes it: " + change)
                        .toList();
                return;
            }
        }
        Inputs now = before.isEmpty() ? folders : truth(before.getFirst());
        Reading reading = now.reader().read(now.catalogue().get(), TOLERANT);
        watched = reading.files();
        ReloadResult result = deploy(reading, now, Change.ofFiles("started"));
        if (!result.applied()) {
            if (before.isEmpty()) {
                throw new StartException("the configuration is not valid:", result.problems());
            }
            ReloadResult last = again(before.getFirst(), Change.ofFiles("started on what served last"));
            if (!last.applied()) {
                throw new StartException(
                        "the configuration is not valid, and its last good state cannot serve either:",
                        Stream.of(result, last)
                                .flatMap(each -> each.problems().stream())
                                .toList());
            }
            degraded =
                    List.of("the configuration is not valid, its last good state serves: " + first(result.problems()));
        }
        started(result);
    }

    private void started(ReloadResult result) {
        var _ = thread.scheduleWithFixedDelay(this::judge, 1, 1, TimeUnit.SECONDS);
        report(
                Change.ofFiles("started"),
                new ReloadResult(generation().number(), true, 0, result.created(), result.problems()));
    }

    /** Reads everything anew, and waits until it serves or is refused. While a rollback holds, nothing changes. */
    public ReloadResult reload(String reason) {
        return onThreadQuietly(() -> reload(Change.ofFiles(reason), false));
    }

    /** Reads everything anew, soon; not at all where the gateway stops. While a rollback holds, nothing changes. */
    public void reloadLater(String reason) {
        later(() -> reload(Change.ofFiles(reason), false));
    }

    /** Takes what the plugins folder offers now, and waits until it serves or is refused. */
    public ReloadResult pluginsChanged() {
        return onThreadQuietly(() -> reload(Change.ofFiles("plugins changed"), true));
    }

    /** Takes what the folders say now, and waits until it serves or is refused. A rollback that held is over then. */
    public ReloadResult apply(Change change) {
        return apply(change, null, null);
    }

    /**
     * The same, where that generation still serves.
     *
     * @param seen its number; null for any
     * @param rule by which the change is watched; null for not at all
     * @throws CommandRefusedException where another one does
     */
    public ReloadResult apply(Change change, @Nullable Integer seen, @Nullable WatchRule rule) {
        return onThreadQuietly(() -> {
            expect(seen);
            return watched(rule, applyNow(change, false));
        });
    }

    /** Watches what has come to serve. */
    private ReloadResult watched(@Nullable WatchRule rule, ReloadResult result) {
        GenerationRecord record = result.applied() ? history.find(result.generation()) : null;
        if (rule != null && record != null) {
            watch = new Watch(
                    record.number(),
                    record.number() - 1,
                    rule,
                    Watch.touched(record.changes(), generation().config()),
                    endings.within(BASELINE),
                    Instant.now());
            LOG.log(Level.INFO, "generation {0} is watched for {1}", Integer.toString(record.number()), rule.window());
        }
        return result;
    }

    /** An exchange has ended, on any thread. */
    public void ended(LiveExchange exchange) {
        int number = exchange.generation().number();
        endings.add(number, exchange.route(), exchange.status(), exchange.tookNanos());
        Watch now = watch;
        if (now != null) {
            now.ended(new Ended(number, exchange.route(), exchange.status(), exchange.tookNanos()));
        }
    }

    /** The change that is or was watched last; null for none. */
    public @Nullable Watch watch() {
        return watch;
    }

    private void expect(@Nullable Integer seen) {
        int number = generation().number();
        if (seen != null && seen != number) {
            throw new CommandRefusedException(
                    Why.CHANGED_MEANWHILE, "generation " + number + " serves now, and not " + seen);
        }
    }

    /**
     * Changes what plugins are offered, and waits until that serves or is refused: then nothing has changed. No artefact is
     * left out of it, and no rollback of the configuration may hold.
     *
     * @param dry whether only to try it
     * @param command proposes the change, or gives null where there is nothing to do; what it throws is thrown here
     */
    public ReloadResult change(Change change, boolean dry, Supplier<PluginChanges.@Nullable Proposal> command) {
        return onThreadQuietly(() -> {
            PluginChanges.Proposal proposal = command.get();
            if (proposal == null) {
                return new ReloadResult(generation().number(), false, 0, 0, List.of());
            }
            boolean serves = false;
            try {
                ReloadResult result = dry
                        ? guarded(() -> change(change, new Staging(proposal, true)))
                        : attempt(change, () -> change(change, new Staging(proposal, false)));
                serves = result.applied();
                return result;
            } finally {
                if (!serves) {
                    proposal.undo();
                }
            }
        });
    }

    /** How a command's change of plugins is deployed: nothing is withheld; committed before it serves, unless dry. */
    private record Staging(PluginChanges.@Nullable Proposal proposal, boolean dry) {}

    private ReloadResult change(Change change, Staging staging) throws IOException {
        Inputs now = truth();
        return deploy(read(now, plugins.catalogue()), now, change, staging);
    }

    /** Hears of each change that serves or was refused, on the deploying thread. */
    public void onOutcome(BiConsumer<Change, ReloadResult> listener) {
        outcomes = listener;
    }

    /**
     * Goes back to a generation that served before, and waits until its content serves again, or is refused. It holds:
     * changes of files and folders wait until {@link #apply}.
     *
     * @param to its number; null for the one before what serves
     */
    public ReloadResult rollback(@Nullable Integer to, String author, String message) {
        return rollback(to, author, message, null);
    }

    /**
     * The same, where that generation still serves.
     *
     * @param seen its number; null for any
     * @throws CommandRefusedException where another one does
     */
    public ReloadResult rollback(@Nullable Integer to, String author, String message, @Nullable Integer seen) {
        return onThreadQuietly(() -> {
            expect(seen);
            GenerationRecord target = to == null ? previous() : history.find(to);
            if (target == null) {
                String asked = to == null ? "an earlier generation that differs" : "generation " + to;
                return refusal(asked + " is not kept (expected: one of " + kept() + ")");
            }
            return rollback(target, new Change(author, "rollback to " + target.number(), message));
        });
    }

    /**
     * Decides a canary, and waits until what it means serves, or is refused. Nothing else changes; a rollback holds on.
     *
     * @param trial its name: {@code <route>/<id of the step>}
     */
    public ReloadResult decide(String trial, Verdict.Kind kind, String author, String why) {
        return onThreadQuietly(() -> {
            Trial found = generation().trials().get(trial);
            if (found == null) {
                return refusal("no canary of " + trial + " is undecided (expected: one of "
                        + new TreeSet<>(generation().trials().keySet()) + ")");
            }
            return decide(found, found.verdict(kind, author, why, Instant.now()));
        });
    }

    private ReloadResult decide(Trial trial, Verdict verdict) {
        GenerationRecord serves = history.find(generation().number());
        if (serves == null) {
            return refusal("generation " + generation().number() + " is not kept");
        }
        Map<String, Verdict> all = new TreeMap<>(serves.verdicts());
        all.put(trial.name(), verdict);
        String what = verdict.kind() == Verdict.Kind.PROMOTED ? "promote" : "roll back";
        Change change = new Change(
                verdict.author(), what + " canary " + verdict.version() + " of " + trial.name(), verdict.why());
        Hold hold = history.hold();
        return attempt(change, () -> {
            ReloadResult again = again(serves, change, all);
            if (again.applied() && hold != null) {
                history.hold(new Hold(again.generation(), hold.author(), hold.message(), hold.since()));
            }
            return again;
        });
    }

    /** Follows the rules of canaries. */
    private void judge() {
        Watch now = watch;
        if (now != null && now.judge(generation().number(), Instant.now())) {
            takeBack(now);
        }
        for (Trial trial : generation().trials().values()) {
            Verdict verdict = trial.judge(Instant.now());
            if (verdict != null
                    && !unheeded.contains(trial)
                    && !decide(trial, verdict).applied()) {
                unheeded = Set.of(trial);
            }
        }
    }

    private void takeBack(Watch bad) {
        GenerationRecord target = history.find(bad.before());
        Change change = new Change("watch", "rollback to " + bad.before(), bad.why());
        LOG.log(
                Level.WARNING,
                "generation {0} does worse than {1} and is taken back: {2}",
                Integer.toString(bad.generation()),
                Integer.toString(bad.before()),
                bad.why());
        ReloadResult result =
                target == null ? refusal("generation " + bad.before() + " is not kept") : rollback(target, change);
        if (result.applied()) {
            bad.end(Watch.State.ROLLED_BACK, bad.why());
        } else {
            bad.end(Watch.State.KEPT, bad.why() + "; it could not be taken back: " + first(result.problems()));
        }
    }

    private ReloadResult rollback(GenerationRecord target, Change change) {
        return attempt(change, () -> {
            ReloadResult result = again(target, change);
            if (result.applied()) {
                history.hold(new Hold(result.generation(), change.author(), change.message(), Instant.now()));
                lookWhatIsPending();
            }
            return result;
        });
    }

    private String kept() {
        return String.join(
                ", ",
                history.newestFirst().stream()
                        .map(record -> Integer.toString(record.number()))
                        .toList());
    }

    /** The newest one before that whose content serves, of other content. */
    private @Nullable GenerationRecord previous() {
        GenerationRecord now = history.find(generation().number());
        if (now == null) {
            return null;
        }
        int from = now.rollbackTo() == null ? now.number() : now.rollbackTo();
        return history.newestFirst().stream()
                .filter(record -> record.number() < from && !now.changes(record).isEmpty())
                .findFirst()
                .orElse(null);
    }

    /** Makes a generation of what an earlier one was made of. */
    private ReloadResult again(GenerationRecord record, Change change) throws IOException {
        return again(record, change, record.verdicts());
    }

    private ReloadResult again(GenerationRecord record, Change change, Map<String, Verdict> decided)
            throws IOException {
        Inputs inputs;
        try {
            ConfigReader then = TrustAtStart.reader(folders.reader(), history, record);
            TrustConfig trust = then.trust();
            Map<String, Boolean> jars = new TreeMap<>();
            record.plugins().forEach(plugin -> jars.put(plugin.sha256(), plugin.serving()));
            Catalogue catalogue =
                    plugins.recorded(jars, trust == null ? plugins.trust().config() : trust);
            inputs = new Inputs(then, () -> catalogue, scriptsOf(record), () -> decided, record);
        } catch (PluginException | IOException e) {
            return refusal("generation " + record.number() + ": " + e.getMessage());
        }
        // Steps whose plugin was not there then were answered with 503, and are again.
        return deploy(inputs.reader().read(inputs.catalogue().get(), TOLERANT), inputs, change);
    }

    /** A folder with its scripts. */
    private Path scriptsOf(GenerationRecord record) throws IOException {
        Path folder = data.resolve(SCRIPTS).resolve(Integer.toString(record.number()));
        // What serves from there may be reading it.
        return folder.equals(scriptsNow) ? folder : Folder.of(folder, history.contents(record.scripts()));
    }

    /** What the configuration is made of where nobody brings another: the files, or what was brought last. */
    private Inputs truth() throws IOException {
        GenerationRecord serves = history.find(generation().number());
        return serves == null ? folders : truth(serves);
    }

    private Inputs truth(GenerationRecord last) throws IOException {
        if (folders.reader().source() == Source.FILES) {
            return folders;
        }
        ConfigReader then = TrustAtStart.reader(folders.reader(), history, last);
        return then.source() == Source.FILES
                ? folders
                : new Inputs(then, () -> offered(then), scriptsOf(last), () -> verdicts, null);
    }

    /** Whether the configuration is the admin API's to change, and files are not read. */
    public boolean isOwnedByApi() {
        return generation().config().config().source() == Source.API
                && folders.reader().source() == Source.API;
    }

    /**
     * What a change would mean: it goes all the way to the moment before it would serve, and leaves nothing.
     *
     * @param upload the configuration that would be brought; null for what the files say
     */
    public Planned plan(@Nullable Upload upload) {
        AtomicReference<@Nullable Supplier<Plan>> compared = new AtomicReference<>();
        ReloadResult result = onThreadQuietly(() -> guarded(() -> {
            Inputs inputs = upload == null ? truth() : inputs(upload);
            Reading reading = inputs.reader().read(inputs.catalogue().get(), ConfigReader.Options.STRICT);
            ReloadResult tried = deploy(reading, inputs, Change.ofFiles("plan"), new Staging(null, true));
            if (tried.problems().stream().noneMatch(problem -> problem.severity() == ConfigProblem.Severity.ERROR)) {
                compared.set(compared(reading, inputs, tried));
            }
            return tried;
        }));
        Supplier<Plan> plan = compared.get();
        return new Planned(result, plan == null ? null : plan.get());
    }

    /**
     * What a configuration that would be brought says, for whoever tries it beside what serves; nothing is made of it here.
     *
     * @param upload without scripts; of a sender who brings no code, only what {@link #put} would take from that one
     * @throws CommandRefusedException where it would not
     * @throws IOException where it cannot be read
     */
    public Candidate candidate(Upload upload) throws IOException {
        try {
            return onThread(() -> {
                if (!upload.bringsCode()) {
                    judge(upload);
                }
                Inputs inputs = inputs(upload);
                Catalogue catalogue = inputs.catalogue().get();
                Reading reading = inputs.reader().read(catalogue, ConfigReader.Options.STRICT);
                return new Candidate(reading.config(), reading.errors(), catalogue, inputs.scripts());
            });
        } catch (RejectedExecutionException stopped) {
            throw new IOException("the gateway is stopping", stopped);
        } catch (StartException e) {
            throw new IllegalStateException(e); // nothing is started
        }
    }

    /**
     * What serves, as whoever tries a candidate beside it needs it.
     *
     * @throws IOException where the gateway is stopping
     */
    public Candidate serving() throws IOException {
        try {
            return onThread(() -> new Candidate(
                    generation().config(),
                    List.of(),
                    Objects.requireNonNull(catalogueNow, "something serves"),
                    scriptsNow));
        } catch (RejectedExecutionException stopped) {
            throw new IOException("the gateway is stopping", stopped);
        } catch (StartException e) {
            throw new IllegalStateException(e); // nothing is started
        }
    }

    /** What is compared is taken here; to compare it takes long with many routes, and holds up no change. */
    private Supplier<Plan> compared(Reading reading, Inputs inputs, ReloadResult tried) throws IOException {
        ResolvedConfig config = Objects.requireNonNull(reading.config(), "it was compiled");
        GenerationRecord serves = history.find(generation().number());
        if (serves == null) {
            throw new IOException("generation " + generation().number() + " is not kept");
        }
        Changed changed = Changed.of(history.texts(serves), reading.texts());
        String main = String.valueOf(configFile.getFileName());
        Catalogue catalog = inputs.catalogue().get();
        List<String> changes = Pending.changes(serves, reading, catalog, inputs.scripts());
        int number = generation().number();
        ResolvedConfig before = generation().config();
        return () -> Plan.of(
                number,
                WrittenConfig.of(main, changed.before()),
                WrittenConfig.of(main, changed.after()),
                changes,
                before,
                config,
                compiler.recent().within(Reroutes.PAST),
                tried.kept(),
                tried.created(),
                tried.problems(),
                Lint.of(reading, catalog).open());
    }

    /**
     * Takes a whole configuration, and waits until it serves or is refused: then nothing has changed. A rollback that held
     * is over then.
     *
     * @param rule by which the change is watched; null for not at all
     * @throws CommandRefusedException where the files own the configuration, another generation serves than the sender has
     *     seen, or it says what only others may say
     */
    public ReloadResult put(Upload upload, Change change, @Nullable WatchRule rule) {
        return onThreadQuietly(() -> {
            judge(upload);
            return watched(rule, attempt(change, () -> {
                Inputs inputs = inputs(upload);
                Reading reading = inputs.reader().read(inputs.catalogue().get(), ConfigReader.Options.STRICT);
                ReloadResult result = deploy(reading, inputs, change);
                if (result.applied()) {
                    watched = reading.files();
                    released();
                }
                return result;
            }));
        });
    }

    private void judge(Upload upload) throws IOException {
        if (!isOwnedByApi()) {
            throw new CommandRefusedException(
                    Why.OWNED_BY_FILES,
                    configFile
                            + " says source: files: change it, or the files that it includes, which are read again at"
                            + " once; or give the configuration to the admin API there with source: api");
        }
        expect(upload.seen());
        GenerationRecord serves = history.find(generation().number());
        if (upload.bringsCode() || serves == null) {
            return;
        }
        if (upload.scripts() != null && !Hashes.of(upload.scripts()).equals(serves.scripts())) {
            throw new CommandRefusedException(
                    Why.FORBIDDEN, "scripts are code (expected: a token with the role admin, or no scripts)");
        }
        String main = String.valueOf(configFile.getFileName());
        Changed changed = Changed.of(history.texts(serves), upload.files());
        for (Difference each : Differences.between(
                WrittenConfig.of(main, changed.before()), WrittenConfig.of(main, changed.after()))) {
            if (ADMINS_OWN.contains(each.part())) {
                throw new CommandRefusedException(
                        Why.FORBIDDEN,
                        each.place() + " " + each.part()
                                + ": says who may do what (expected: a token with the role admin, or no change of it)");
            }
        }
    }

    private Inputs inputs(Upload upload) throws IOException {
        ConfigReader reader = folders.reader().ofRecorded(upload.files(), upload.holes());
        if (reader.source() == Source.FILES && isOwnedByApi()) {
            throw new IOException("source is not api (expected: api, as in " + configFile
                    + "); add source: api, or change it there first to give the configuration to the files");
        }
        Map<String, byte[]> brought = upload.scripts();
        Path scripts = truth().scripts();
        if (brought != null) {
            Path parent = data.resolve(SCRIPTS);
            Path one = parent.resolve("brought-1");
            scripts = Folder.of(one.equals(scriptsNow) ? parent.resolve("brought-2") : one, brought);
        }
        return new Inputs(reader, () -> offered(reader), scripts, () -> verdicts, null);
    }

    private void released() throws IOException {
        if (history.hold() != null) {
            history.release();
            pending = List.of();
        }
    }

    /** What waits while a rollback holds, in a few words each. */
    public List<String> pending() {
        return pending;
    }

    private void lookWhatIsPending() {
        GenerationRecord serves = history.find(generation().number());
        if (serves == null) {
            return;
        }
        try {
            Inputs now = truth();
            Catalogue offered = now.catalogue().get();
            Reading reading = now.reader().read(offered, TOLERANT);
            watched = reading.files();
            List<String> changes = Pending.changes(serves, reading, offered, now.scripts());
            if (!changes.equals(pending)) {
                pending = changes;
                changes.forEach(change -> LOG.log(Level.WARNING, "waits until it is applied: {0}", change));
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what waits until it is applied cannot be read: {0}", e.toString());
        }
    }

    private void later(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "not done any more, the gateway stops");
        }
    }

    private ReloadResult reload(Change change, boolean jarsChanged) {
        if (history.hold() != null) {
            lookWhatIsPending();
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        }
        if (!jarsChanged && isOwnedByApi()) {
            LOG.log(Level.INFO, "not read, since {0} says source: api: {1}", configFile, change.reason());
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        }
        return applyNow(change, jarsChanged);
    }

    /**
     * @param jarsChanged whether it is the plugins that changed: a type that is gone then means 503 on its routes, unless
     *     the files have changed too, and may wait for a jar that is yet to come
     */
    private ReloadResult applyNow(Change change, boolean jarsChanged) {
        return attempt(change, () -> {
            Inputs now = truth();
            Reading reading;
            if (jarsChanged) {
                reading = read(now, now.catalogue().get());
                if (reading.config() == null && isServing(reading.texts())) {
                    withholdNew("the configuration does not fit it: " + first(reading.errors()));
                    reading = now.reader().read(now.catalogue().get(), TOLERANT);
                }
            } else {
                reading = now.reader().read(now.catalogue().get(), ConfigReader.Options.STRICT);
            }
            watched = reading.files();
            ReloadResult result = deploy(reading, now, change);
            if (result.applied()) {
                released();
            }
            return result;
        });
    }

    /**
     * Reads the files after plugins have changed: a type that is gone is tolerated where the files are those that serve;
     * where they have changed too, they may be ahead of a jar that is yet to come.
     */
    private Reading read(Inputs now, Catalogue offered) {
        Reading strict = now.reader().read(offered, ConfigReader.Options.STRICT);
        watched = strict.files();
        return strict.config() == null && isServing(strict.texts())
                ? now.reader().read(offered, TOLERANT)
                : strict;
    }

    /** Whether those are the files that the generation which serves was made of. */
    private boolean isServing(Map<String, String> texts) {
        GenerationRecord serves = history.find(generation().number());
        return serves != null && serves.files().equals(Hashes.ofTexts(texts));
    }

    private ReloadResult attempt(Change change, Callable<ReloadResult> action) {
        if (stopping) {
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        }
        ReloadResult result = guarded(action);
        report(change, result);
        return result;
    }

    private ReloadResult guarded(Callable<ReloadResult> action) {
        try {
            return action.call();
        } catch (IOException e) {
            return refusal(String.valueOf(e.getMessage()));
        } catch (Exception | Error e) {
            LOG.log(Level.ERROR, "applying a change failed", e);
            return refusal("internal error: " + e);
        }
    }

    /** Compiles what was read, and swaps it in. A plugin that fails on the way is left out, and its last version stays. */
    private ReloadResult deploy(Reading read, Inputs inputs, Change change) throws IOException {
        return deploy(read, inputs, change, null);
    }

    private ReloadResult deploy(Reading read, Inputs inputs, Change change, @Nullable Staging staging)
            throws IOException {
        Reading reading = read;
        Serving before = serving.get();
        Generation old = before == null ? null : before.generation();
        int serves = old == null ? 0 : old.number();
        List<ConfigProblem> problems = new ArrayList<>(reading.problems());
        ResolvedConfig config = reading.config();
        if (config == null) {
            return new ReloadResult(serves, false, 0, 0, problems);
        }
        if (inputs.record() == null) {
            home.check();
        }
        scripts.use(inputs.scripts());
        Compiler.Result compiled = compile(config, inputs, old);
        while (compiled.generation() == null
                && inputs.record() == null
                && staging == null
                && withhold(compiled.failed())) {
            problems.addAll(compiled.problems());
            reading = inputs.reader().read(inputs.catalogue().get(), TOLERANT);
            config = reading.config();
            if (config == null) {
                problems.addAll(reading.problems());
                scripts.use(scriptsNow);
                return new ReloadResult(serves, false, 0, 0, problems);
            }
            compiled = compile(config, inputs, old);
        }
        if (compiled.generation() == null && inputs.record() == null && staging == null) {
            Reading without = withoutBroken(reading, compiled.problems(), inputs);
            if (without != null && without.config() != null) {
                compiled.problems().stream().map(ConfigProblem::asWarning).forEach(problems::add);
                problems.addAll(without.problems());
                reading = without;
                config = without.config();
                compiled = compile(config, inputs, old);
            }
        }
        Generation fresh = compiled.generation();
        if (fresh == null) {
            problems.addAll(compiled.problems());
            scripts.use(scriptsNow);
            return new ReloadResult(serves, false, 0, 0, problems);
        }
        if (staging != null && !commit(staging, fresh, compiled.artefacts())) {
            return new ReloadResult(serves, false, compiled.kept(), compiled.created(), problems);
        }
        fresh.discover(FIRST_TARGETS);
        Reading made = reading;
        swap(before, Serving.of(fresh), () -> record(fresh, made, inputs, old, change));
        scriptsNow = inputs.scripts();
        catalogueNow = compiled.catalogue();
        plugins.trust(config.config().trust());
        plugins.serves(compiled.artefacts());
        verdicts = fresh.verdicts();
        tidy(inputs, reading);
        degraded = reading.heldBack().stream()
                .map(include -> "include held back, its last good content serves: " + include)
                .toList();
        lintNote.of(fresh.number(), reading, inputs.catalogue().get());
        return new ReloadResult(fresh.number(), true, compiled.kept(), compiled.created(), problems);
    }

    /**
     * What the files say with the last good content of includes in which steps cannot be made, where those ask for it.
     *
     * @return null where none is held back for it
     */
    private static @Nullable Reading withoutBroken(Reading reading, List<ConfigProblem> refused, Inputs inputs) {
        Set<String> files =
                refused.stream().map(problem -> problem.place().file()).collect(Collectors.toSet());
        Reading without = inputs.reader().read(inputs.catalogue().get(), new ConfigReader.Options(true, files));
        return without.heldBack().equals(reading.heldBack()) ? null : without;
    }

    /** Writes what a command changed, unless it only tries it; false where the new generation is not to serve. */
    private boolean commit(Staging staging, Generation fresh, Set<Artefact> used) throws IOException {
        boolean committed = false;
        try {
            PluginChanges.Proposal proposal = staging.proposal();
            if (!staging.dry() && proposal != null) {
                proposal.commit(used);
                committed = true;
            }
            return committed;
        } finally {
            if (!committed) {
                compiler.dispose(fresh);
                scripts.use(scriptsNow);
            }
        }
    }

    private Compiler.Result compile(ResolvedConfig config, Inputs inputs, @Nullable Generation old) {
        return compiler.compile(
                config,
                inputs.catalogue().get(),
                history.next(),
                inputs.verdicts().get(),
                old,
                this::drained);
    }

    private void record(Generation fresh, Reading reading, Inputs inputs, @Nullable Generation old, Change change)
            throws IOException {
        GenerationRecord before =
                old == null ? history.newestFirst().stream().findFirst().orElse(null) : history.find(old.number());
        Collection<Artefact> serve = inputs.catalogue().get().servingAmong(fresh.artefacts());
        GenerationRecord facts = new GenerationRecord(
                fresh.number(),
                Instant.now(),
                change.author(),
                change.reason(),
                change.message(),
                rolledBackTo(inputs, old),
                Map.of(),
                Map.of(),
                fresh.artefacts().stream()
                        .map(one -> new PluginUsed(one.id(), one.version(), one.sha256(), serve.contains(one)))
                        .sorted(Comparator.comparing(PluginUsed::id).thenComparing(PluginUsed::version))
                        .toList(),
                parts(fresh, reading, old, before),
                fresh.verdicts(),
                List.of());
        history.add(facts, reading.texts(), fresh.scripts(), before);
    }

    private static Map<String, String> parts(
            Generation fresh, Reading reading, @Nullable Generation old, @Nullable GenerationRecord before) {
        Map<String, String> parts = old == null || before == null
                ? Parts.of(fresh.config())
                : Parts.of(fresh.config(), old.config().routes(), before.parts());
        return Parts.withHeldBack(parts, reading.heldBack());
    }

    /** To make what serves again, with a canary decided, goes nowhere back. */
    private static @Nullable Integer rolledBackTo(Inputs inputs, @Nullable Generation old) {
        GenerationRecord record = inputs.record();
        return record == null || (old != null && old.number() == record.number()) ? null : record.number();
    }

    /** What there is to offer if those are trusted whom the files name, which may be others than now. */
    private Catalogue offered(ConfigReader files) {
        TrustConfig trust = files.trust();
        return trust == null ? plugins.catalogue() : plugins.catalogue(trust);
    }

    /** Writes down what is not needed for serving: what fails here is told, and undoes nothing. */
    private void tidy(Inputs inputs, Reading reading) {
        try {
            inputs.reader().keep(reading);
            Folder.deleteOthers(data.resolve(SCRIPTS), scriptsNow);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "not all could be kept in {0}: {1}", data, e.toString());
        }
    }

    /**
     * Has another generation serve. All that may fail comes first, its record on the disk last of that: so no request ever
     * meets what is not recorded, and none meets what is refused then.
     */
    private void swap(@Nullable Serving before, Serving after, Listeners.Swap commit) throws IOException {
        GatewayConfig config = after.generation().config().config();
        boolean[] serves = {false};
        try {
            log.apply(config.log());
            listeners.apply(config.listeners(), () -> {
                commit.run();
                serving.set(after);
                serves[0] = true;
            });
        } finally {
            if (!serves[0]) {
                scripts.use(scriptsNow);
                if (before != null) {
                    before.generation().discover(Duration.ZERO); // what it discovers went to the other one
                    log.apply(before.generation().config().config().log());
                }
                retire(after.generation());
            }
        }
        compiler.serves(after.generation());
        if (before != null) {
            retire(before.generation());
        }
    }

    private void retire(Generation old) {
        old.retire();
        draining.replaced(old, () -> drained(old));
    }

    /** Leaves out what failed, as far as it does not serve already; whether there was anything to leave out. */
    private boolean withhold(Map<Artefact, String> failed) {
        Serving now = serving.get();
        Set<Artefact> serve = now == null ? Set.of() : now.generation().artefacts();
        boolean any = false;
        for (Map.Entry<Artefact, String> failure : failed.entrySet()) {
            if (!serve.contains(failure.getKey())) {
                plugins.withhold(failure.getKey(), failure.getValue());
                any = true;
            }
        }
        return any;
    }

    private void withholdNew(String reason) {
        Set<Artefact> serve = generation().artefacts();
        for (Artefact chosen : plugins.catalogue().serving()) {
            if (!serve.contains(chosen)
                    && serve.stream().anyMatch(one -> one.id().equals(chosen.id()))) {
                plugins.withhold(chosen, reason);
            }
        }
    }

    /** Called by the last exchange that leaves a retired generation, on its thread; or where that is not waited for. */
    private void drained(Generation generation) {
        later(() -> compiler.dispose(generation));
    }

    private ReloadResult refusal(String message) {
        Place place = new Place(String.valueOf(configFile.getFileName()), 1, 1);
        Serving now = serving.get();
        return new ReloadResult(
                now == null ? 0 : now.generation().number(),
                false,
                0,
                0,
                List.of(new ConfigProblem(ConfigProblem.Severity.ERROR, place, "", message)));
    }

    private void report(Change change, ReloadResult result) {
        outcomes.accept(change, result);
        String reason = change.reason();
        String number = Integer.toString(result.generation());
        if (result.applied()) {
            applied.incrementAndGet();
            LOG.log(
                    Level.INFO,
                    "generation {0} serves: {1}; {2} filters kept, {3} made",
                    number,
                    reason,
                    Integer.toString(result.kept()),
                    Integer.toString(result.created()));
        } else {
            refusals.incrementAndGet();
            degraded = List.of("the last change was refused: " + first(result.problems()));
            LOG.log(Level.ERROR, "refused: {0}; generation {1} serves on", reason, number);
        }
        for (ConfigProblem problem : result.problems()) {
            boolean error = problem.severity() == ConfigProblem.Severity.ERROR;
            LOG.log(error ? Level.ERROR : Level.WARNING, problem::toString);
        }
        generation().degraded().forEach(what -> LOG.log(Level.WARNING, () -> what));
    }

    private static String first(List<ConfigProblem> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .findFirst()
                .map(ConfigProblem::toString)
                .orElse("");
    }

    private <T> T onThread(Callable<T> task) throws StartException, IOException {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StartException start -> throw start;
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private ReloadResult onThreadQuietly(Callable<ReloadResult> task) {
        try {
            return onThread(task);
        } catch (RejectedExecutionException stopped) {
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        } catch (StartException | IOException e) {
            throw new IllegalStateException(e); // a reload tells its failures in its result
        }
    }

    /** Takes no more changes. */
    public void stop() {
        stopping = true;
    }

    /** Waits for the change that is under way and lets go of what serves: after the listeners, before the plugins. */
    @Override
    public void close() {
        stop();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "a change was still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Serving last = serving.get();
        if (last != null) {
            compiler.dispose(last.generation());
        }
    }
}
