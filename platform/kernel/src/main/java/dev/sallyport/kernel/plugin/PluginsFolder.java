package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.config.TrustConfig;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that jars are dropped into: an inbox, nothing is loaded from it. Each look at it, and each word on what
 * serves or must not, makes a new {@link Catalogue}. Thread-safe.
 *
 * <ol>
 *   <li>A jar that is being written is never taken half.
 *   <li>While a file's new content is not taken, what it held before serves on.
 *   <li>Where the folder itself cannot be read, everything stays as it is.
 * </ol>
 */
final class PluginsFolder {

    private static final System.Logger LOG = System.getLogger("plugins");

    private final Path folder;
    private final ArtefactStore store;
    private final StateFile stateFile;
    private final boolean owner;
    private final Predicate<Artefact> inUse;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final boolean writable;
    private final Map<String, DroppedFile> files = new TreeMap<>();
    private final InstalledOffers installed;
    private final Map<String, String> withheld = new HashMap<>();
    private PluginState state;
    private Trust trust;
    private boolean proposing;
    private @Nullable String unreadable;
    private boolean looked;
    private boolean envelopesOwed;
    private volatile Catalogue catalogue = Catalogue.EMPTY;

    /** What there was before a proposal. */
    record Before(PluginState state, Map<String, String> withheld) {}

    /**
     * @param folder made where it does not exist
     * @param writable whether it is accepted that others than its owner can write the folder and its files
     * @param owner whether this process may write the state; a command that only looks may not
     * @param trust whose plugins are taken
     * @param inUse whether exchanges or configured steps use an artefact now
     */
    PluginsFolder(
            Path folder,
            boolean writable,
            ArtefactStore store,
            StateFile stateFile,
            boolean owner,
            Trust trust,
            Predicate<Artefact> inUse,
            Clock clock)
            throws IOException {
        this.folder = OwnerOnly.createFolder(folder);
        this.writable = writable;
        this.store = store;
        this.installed = new InstalledOffers(store);
        this.stateFile = stateFile;
        this.owner = owner;
        this.trust = trust;
        this.inUse = inUse;
        this.clock = clock;
        this.state = stateFile.read();
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /** All hashes that the state and the files of the folder name. */
    Set<String> hashes() {
        lock.lock();
        try {
            Set<String> hashes = new HashSet<>(state.hashes());
            catalogue.present().forEach(each -> hashes.add(each.sha256()));
            files.values().forEach(each -> add(hashes, each.current()));
            return hashes;
        } finally {
            lock.unlock();
        }
    }

    private static void add(Set<String> hashes, @Nullable Artefact artefact) {
        if (artefact != null) {
            hashes.add(artefact.sha256());
        }
    }

    /**
     * Looks once, on the caller's thread.
     *
     * @param trusting whether to take files that no earlier look saw unchanged; what is half-written is not taken even so
     * @return whether the catalogue changed in a way that matters
     */
    boolean look(boolean trusting) {
        lock.lock();
        try {
            Listing listing = list();
            if (listing == null) {
                return false;
            }
            boolean gone = files.keySet().retainAll(listing.jars());
            // At start there may be many to read; later ones come one by one.
            Set<String> added = new HashSet<>(listing.jars());
            added.removeAll(files.keySet());
            files.putAll((trusting ? added.parallelStream() : added.stream())
                    .collect(Collectors.toMap(Function.identity(), this::newFile)));
            Instant now = clock.instant();
            boolean changed = (trusting ? files.values().parallelStream() : files.values().stream())
                    .map(file -> file.look(store, now, listing.isSigned(file.name()), trusting))
                    .reduce(gone, Boolean::logicalOr);
            // Nearly all looks find what the last one found, and it is looked twice a second.
            boolean same = looked && !changed && catalogue.leaving().isEmpty() && !envelopesOwed;
            looked = true;
            boolean news = !same && decide();
            store.remember(this::hashes);
            return news;
        } finally {
            lock.unlock();
        }
    }

    /** Copies the jars that the first look left where they lay. */
    void copyOwed() {
        store.copyOwed();
    }

    /** The names of the jars in the folder, and of the signatures beside them. */
    private record Listing(Set<String> jars, Set<String> signatures) {

        boolean isSigned(String jar) {
            return signatures.contains(jar + Signatures.SUFFIX);
        }
    }

    private @Nullable Listing list() {
        Listing found = new Listing(new HashSet<>(), new HashSet<>());
        String refusal = writable ? null : OwnerOnly.refusal(folder);
        if (refusal != null) {
            unreadable("the plugins folder " + folder + " " + refusal);
            return null;
        }
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder)) {
            for (Path file : listing) {
                String name = file.getFileName().toString();
                if (name.endsWith(Signatures.SUFFIX)) {
                    found.signatures().add(name);
                } else if (name.toLowerCase(Locale.ROOT).endsWith(".jar")
                        && !name.startsWith(".")
                        && Files.isRegularFile(file)) {
                    found.jars().add(name);
                }
            }
            unreadable = null;
            return found;
        } catch (IOException | DirectoryIteratorException e) {
            unreadable("the plugins folder cannot be read (" + e + ")");
            return null;
        }
    }

    private void unreadable(String why) {
        if (!why.equals(unreadable)) {
            LOG.log(System.Logger.Level.WARNING, "{0}; what is loaded stays until it can be read", why);
        }
        unreadable = why;
    }

    /** Why the folder is not read; null where it is. */
    @Nullable
    String unreadable() {
        lock.lock();
        try {
            return unreadable;
        } finally {
            lock.unlock();
        }
    }

    private DroppedFile newFile(String name) {
        PluginState.Seen seen = looked ? null : state.files().get(name);
        return new DroppedFile(folder.resolve(name), seen == null ? null : stored(seen.sha256()), writable);
    }

    private @Nullable Artefact stored(String sha256) {
        try {
            return store.find(sha256);
        } catch (IOException | RefusedException e) {
            return null;
        }
    }

    private boolean decide() {
        Catalogue earlier = catalogue;
        Selection selection = new Selection(earlier, state, withheld, trust, inUse, clock.instant());
        Catalogue now = selection.decide(offers());
        files.values().forEach(file -> file.chose(selection.chosen().get(file)));
        catalogue = now;
        keepEnvelopes(now);
        remember(selection.chosen());
        new CatalogueLog(earlier, now, inUse).write();
        return now.isNewsAfter(earlier, inUse);
    }

    /** All that is asked for: by files, and by what was installed. */
    private List<Offer> offers() {
        List<Offer> offers = new ArrayList<>(files.values());
        offers.addAll(installed.of(state));
        return offers;
    }

    private void keepEnvelopes(Catalogue now) {
        envelopesOwed = false;
        if (!owner) {
            return;
        }
        for (Artefact artefact : now.present()) {
            if (artefact.envelope() == null && state.installed().containsKey(artefact.sha256())) {
                continue; // a file without a signature takes none from what was installed with one
            }
            try {
                store.keepEnvelope(artefact);
            } catch (IOException e) {
                envelopesOwed = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the signature of {0} cannot be kept in the store: {1}",
                        artefact,
                        e.toString());
            }
        }
    }

    private void remember(Map<Offer, Artefact> chosen) {
        Map<String, PluginState.Seen> seen = new TreeMap<>();
        Set<String> ids = new HashSet<>();
        chosen.forEach((file, artefact) -> {
            ids.add(artefact.id());
            if (file instanceof InstalledOffer) {
                return;
            }
            PluginState.Seen earlier = state.files().get(file.name());
            seen.put(
                    file.name(),
                    earlier != null && earlier.sha256().equals(artefact.sha256())
                            ? earlier
                            : new PluginState.Seen(
                                    artefact.id(), artefact.version(), artefact.sha256(), clock.instant()));
        });
        catalogue.leaving().keySet().forEach(artefact -> ids.add(artefact.id()));
        change(state.withFiles(seen).withoutServingBut(ids));
    }

    private void change(PluginState changed) {
        if (changed.equals(state)) {
            return;
        }
        state = changed;
        if (owner && !proposing) {
            write(changed);
        }
    }

    private void write(PluginState changed) {
        try {
            stateFile.write(changed);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the state of the plugins cannot be written: {0}", e.toString());
        }
    }

    /** See {@link Plugins#recorded}. */
    Catalogue recorded(Map<String, Boolean> hashes, TrustConfig trusted) throws IOException, RefusedException {
        lock.lock();
        try {
            Trust then = trust.says(trusted) ? trust : Trust.of(trusted);
            List<Artefact> artefacts = new ArrayList<>();
            Map<String, Long> majors = new HashMap<>();
            for (Map.Entry<String, Boolean> each : hashes.entrySet()) {
                Artefact artefact = store.find(each.getKey());
                if (artefact == null) {
                    throw new IOException("the store has no jar with the SHA-256 " + each.getKey() + " any more");
                }
                String refusal = then.refusal(artefact);
                if (refusal != null) {
                    throw new RefusedException(artefact + " " + refusal);
                }
                artefacts.add(artefact);
                if (each.getValue()) {
                    majors.put(artefact.id(), artefact.semver().majorVersion());
                }
            }
            return new Catalogue(artefacts, Map.of(), majors, List.of());
        } finally {
            lock.unlock();
        }
    }

    Trust trust() {
        lock.lock();
        try {
            return trust;
        } finally {
            lock.unlock();
        }
    }

    /** See {@link Plugins#trust(TrustConfig)}. */
    void trust(TrustConfig config) {
        lock.lock();
        try {
            if (!trust.says(config)) {
                trust = Trust.of(config);
                decide();
            }
        } finally {
            lock.unlock();
        }
    }

    /** See {@link Plugins#catalogue(TrustConfig)}. */
    Catalogue under(TrustConfig config) {
        lock.lock();
        try {
            return trust.says(config)
                    ? catalogue
                    : new Selection(catalogue, state, withheld, Trust.of(config), inUse, clock.instant())
                            .decide(offers());
        } finally {
            lock.unlock();
        }
    }

    /** See {@link Plugins#serves}. */
    void serves(Set<Artefact> used) {
        lock.lock();
        try {
            PluginState changed = state;
            for (Artefact artefact : catalogue.servingAmong(used)) {
                changed = changed.withServing(artefact);
            }
            change(changed);
            decide();
        } finally {
            lock.unlock();
        }
    }

    /** See {@link Plugins#withhold}. */
    Catalogue withhold(Artefact artefact, String reason) {
        lock.lock();
        try {
            withheld.put(artefact.sha256(), reason);
            decide();
            return catalogue;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes what is offered, in memory alone, until {@link #commit} or {@link #undo}.
     *
     * @param change of the state
     * @param permitted hashes of which earlier failures are forgotten
     * @return what {@link #undo} needs
     */
    Before propose(UnaryOperator<PluginState> change, Set<String> permitted) {
        lock.lock();
        try {
            if (proposing) {
                throw new IllegalStateException("a change is proposed already");
            }
            Before before = new Before(state, Map.copyOf(withheld));
            proposing = true;
            withheld.keySet().removeAll(permitted);
            state = change.apply(state);
            decide();
            return before;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes what was proposed last: call it before it serves.
     *
     * @param used what serves then: other installed ones give way to a newer one of their major
     * @throws IOException where it cannot be written; it stays proposed
     */
    void commit(Set<Artefact> used) throws IOException {
        lock.lock();
        try {
            PluginState changed = state;
            for (InstalledOffer offer : installed.of(state)) {
                Artefact old = offer.current();
                if (old != null && !used.contains(old) && isOutdated(old)) {
                    changed = changed.withoutInstalled(old.sha256());
                }
            }
            stateFile.write(changed);
            state = changed;
            proposing = false;
            decide();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOutdated(Artefact old) {
        return catalogue.present().stream()
                .anyMatch(other -> other.id().equals(old.id()) && other.isOfSameMajorAs(old) && other.isNewerThan(old));
    }

    /** Takes back what was proposed, also where it is committed already. */
    void undo(Before before) {
        lock.lock();
        try {
            boolean committed = !proposing;
            proposing = false;
            withheld.clear();
            withheld.putAll(before.withheld());
            // Files may have come and gone meanwhile: what the folder told is kept.
            PluginState was = before.state();
            PluginState back =
                    new PluginState(was.serving(), state.files(), was.declined(), was.installed(), was.served());
            state = back;
            if (owner && (committed || !back.equals(was))) {
                write(back);
            }
            decide();
        } finally {
            lock.unlock();
        }
    }

    /** What is remembered now. */
    PluginState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** All that files and state hold of that plugin, also what is not taken. */
    Set<Artefact> offers(String id) {
        lock.lock();
        try {
            Set<Artefact> offers = new LinkedHashSet<>();
            Stream.concat(files.values().stream(), installed.of(state).stream()).forEach(offer -> {
                Artefact artefact = offer.current();
                if (artefact != null && artefact.id().equals(id)) {
                    offers.add(artefact);
                }
            });
            return offers;
        } finally {
            lock.unlock();
        }
    }

    /** That artefact from the store; null where it is gone, or is not taken any more. */
    @Nullable
    Artefact find(String sha256) {
        lock.lock();
        try {
            return stored(sha256);
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the signature that an artefact of the store came with. */
    void keepEnvelope(Artefact artefact) throws IOException {
        lock.lock();
        try {
            store.keepEnvelope(artefact);
            installed.forget(artefact.sha256());
        } finally {
            lock.unlock();
        }
    }

    /** Copies a jar into the store. */
    PluginChanges.Stored store(Path jar, @Nullable String envelope) throws IOException, RefusedException {
        lock.lock();
        try {
            boolean known = store.has(store.hashOf(jar));
            Artefact artefact = store.put(jar);
            return new PluginChanges.Stored(envelope == null ? artefact : artefact.withEnvelope(envelope), !known);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes a copy that nothing came to know. */
    void discard(Artefact artefact) {
        lock.lock();
        try {
            if (!hashes().contains(artefact.sha256()) && !inUse.test(artefact)) {
                store.discard(artefact.sha256());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a file waits for its next look. */
    boolean isBusy() {
        lock.lock();
        try {
            return files.values().stream().anyMatch(DroppedFile::isUnsettled);
        } finally {
            lock.unlock();
        }
    }
}
