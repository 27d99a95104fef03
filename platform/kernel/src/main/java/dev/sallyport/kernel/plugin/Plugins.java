package dev.sallyport.kernel.plugin;

import com.github.zafarkhaja.semver.Version;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.doctor.HeapDump;
import dev.sallyport.kernel.doctor.HeapPath;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of a gateway: which jars there are, which serve, and the loaded ones. Thread-safe.
 *
 * <p>A change comes about like this: the folder offers a new {@link Catalogue}; whoever listens makes its steps anew with
 * the artefacts that it names, each {@linkplain #acquire acquired} once for each user; if all succeed it says what
 * {@link #serves}, and {@linkplain #release gives back} the old ones when their last exchange has left; if an artefact
 * fails it is {@linkplain #withhold withheld}, and the version before it serves on.
 */
public final class Plugins implements AutoCloseable {

    /** The version of the plugin API that this kernel has. */
    public static final String API_VERSION = "0.1.0";

    private final PluginSettings settings;
    private final PluginsFolder folder;
    private final Artefacts artefacts;
    private final LeakWatch leaks;
    private final AtomicReference<@Nullable FolderWatch> watch = new AtomicReference<>();

    private Plugins(PluginSettings settings, PluginsFolder folder, Artefacts artefacts, LeakWatch leaks) {
        this.settings = settings;
        this.folder = folder;
        this.artefacts = artefacts;
        this.leaks = leaks;
    }

    /**
     * Reads the folder once, and tidies the store. No code of a plugin runs.
     *
     * @throws IOException where a folder cannot be made or the state cannot be read
     */
    public static Plugins open(PluginSettings settings) throws IOException {
        return open(settings, PartFile.Observer.NONE);
    }

    /** The same; the observer sees each step of each file that is made, and may be the last that this process does. */
    static Plugins open(PluginSettings settings, PartFile.Observer observer) throws IOException {
        // Else the JDK keeps each jar open of which a plugin ever read a resource by its URL.
        URLConnection.setDefaultUseCaches("jar", false);
        LeakWatch leaks = new LeakWatch(settings.clock());
        SharedClasses shared = new SharedClasses(Plugins.class.getClassLoader());
        ArtefactReader reader = new ArtefactReader(Version.parse(settings.api()), ArtefactReader.Limits.DEFAULT);
        Files.createDirectories(settings.data());
        ArtefactStore store = new ArtefactStore(settings.data().resolve("store"), reader, observer);
        Artefacts artefacts = new Artefacts(shared, settings.api(), settings.limit(), leaks, store);
        StateFile state = new StateFile(settings.data(), observer);
        PluginsFolder folder = new PluginsFolder(
                settings.folder(),
                settings.writable() || !settings.owner(),
                store,
                state,
                settings.owner(),
                Trust.of(settings.trust()),
                artefacts::isInUse,
                settings.clock());
        folder.look(true);
        if (settings.owner()) {
            Set<String> keep = new HashSet<>(settings.keep());
            keep.addAll(folder.hashes());
            store.sweep(keep);
            state.sweep();
            HeapDump.sweep(settings.data());
        }
        return new Plugins(settings, folder, artefacts, leaks);
    }

    /** What is offered now. */
    public Catalogue catalogue() {
        return folder.catalogue();
    }

    /**
     * What was offered at another time, from the store: what the folder holds now is left aside.
     *
     * @param hashes the artefacts that were used then, and whether each was the one that steps without a version got
     * @param trust whose plugins were taken then
     * @throws PluginException where one of them is there no more, or is not taken any more
     */
    public Catalogue recorded(Map<String, Boolean> hashes, TrustConfig trust) throws PluginException {
        try {
            return folder.recorded(hashes, trust);
        } catch (IOException | RefusedException e) {
            throw new PluginException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What would be offered if that were whose plugins are taken: for reading a configuration that changes it. Nothing
     * changes by asking.
     */
    public Catalogue catalogue(TrustConfig trust) {
        return folder.under(trust);
    }

    /** Whose plugins are taken now; judges others too. */
    public Trust trust() {
        return folder.trust();
    }

    /** Changes whose plugins are taken, at once; the listener is not told. */
    public void trust(TrustConfig trust) {
        folder.trust(trust);
    }

    /** Why the folder is not read; null where it is. */
    public @Nullable String unreadable() {
        return folder.unreadable();
    }

    /** What commands may change of what is offered. */
    public PluginChanges changes() {
        return new PluginChanges(folder, settings.clock());
    }

    /**
     * Reads a jar wherever it lies, with the signature beside it, without taking it and without running its code.
     *
     * @throws IOException where it cannot be read, or is no whole zip file
     * @throws PluginException where it is no plugin that this gateway takes; the message begins with the file's name
     */
    public static Artefact inspect(Path jar) throws IOException, PluginException {
        ArtefactReader reader = new ArtefactReader(Version.parse(API_VERSION), ArtefactReader.Limits.DEFAULT);
        try {
            return reader.read(jar, ArtefactStore.hash(jar), jar).withEnvelope(Signatures.beside(jar));
        } catch (RefusedException e) {
            throw new PluginException(jar.getFileName() + " " + e.getMessage());
        }
    }

    /** The SHA-256 of a file, in lower-case hex. */
    public static String hash(Path file) throws IOException {
        return ArtefactStore.hash(file);
    }

    /** Whether a plugin works with this plugin API that says it requires that. */
    public static boolean supports(String requires) {
        try {
            ManifestFacts.checkApi(requires, Version.parse(API_VERSION));
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    /**
     * Lets gateways of an installation know what one has found out about the jars that it came with, so that they start
     * faster.
     *
     * @param data the folder of that gateway's data
     */
    public static void share(Path data, Path installation) throws IOException {
        KnownJars.share(data, installation);
    }

    /**
     * Begins to watch the folder; once.
     *
     * @param listener told of each change that matters, always on the same thread, one change after the other; while it
     *     runs, the folder is not looked at
     */
    public void onChange(Consumer<Catalogue> listener) {
        FolderWatch watching = new FolderWatch(settings.folder(), folder::isBusy, () -> {
            folder.copyOwed();
            boolean news = folder.look(false);
            look();
            if (news) {
                listener.accept(folder.catalogue());
            }
        });
        if (!watch.compareAndSet(null, watching)) {
            throw new IllegalStateException("the plugins folder is watched already");
        }
        watching.start();
    }

    /**
     * Lends an artefact, and loads it for its first user. Each must be given back by {@link #release}.
     *
     * @throws PluginException where it cannot be loaded
     */
    public LoadedArtefact acquire(Artefact artefact) throws PluginException {
        return artefacts.acquire(artefact);
    }

    /** Takes an artefact back; after the last user's it is unloaded, and watched until it is gone. */
    public void release(LoadedArtefact loaded) {
        artefacts.release(loaded);
    }

    /**
     * Notes that a generation serves: from now on the major versions that it uses are the ones that steps without a
     * version stay within.
     *
     * @param used all artefacts that it uses
     */
    public void serves(Set<Artefact> used) {
        folder.serves(used);
    }

    /**
     * Leaves out an artefact that failed when it was to serve, until its bytes change, the gateway starts again, or a
     * command asks for it. What its file held before is offered again. One that already serves is gone at once:
     * withhold only what is new.
     *
     * @param reason why, in a few words; shown where refused files are listed
     * @return what is offered without it; the listener is not told
     */
    public Catalogue withhold(Artefact artefact, String reason) {
        return folder.withhold(artefact, reason);
    }

    /** Lets the doctor look once at what should be gone. */
    void look() {
        leaks.look();
    }

    /** Which class loaders there are, which should be gone, and what unloaded plugins left behind. */
    public LoaderReport report() {
        return leaks.report();
    }

    /**
     * What refers to each unloaded plugin that is still in memory, found in a dump of the heap: everything stands still
     * while that is written, and whatever the gateway has in memory is on the disk until it has been read.
     */
    public List<HeapPath> heapPaths() throws IOException {
        return HeapDump.paths(settings.data(), ArtefactClassLoader.class.getName());
    }

    /** Stops watching and unloads all artefacts, used or not. */
    @Override
    public void close() {
        FolderWatch watching = watch.get();
        if (watching != null) {
            watching.close();
        }
        artefacts.close();
    }
}
