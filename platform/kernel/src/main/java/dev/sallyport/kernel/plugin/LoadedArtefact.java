package dev.sallyport.kernel.plugin;

import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.ServiceFactory;
import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pf4j.PluginRuntimeException;

/**
 * An artefact whose classes can be used: its own PF4J manager and class loader, and one factory for each type. Got by
 * {@link Plugins#acquire}, and to be given back by {@link Plugins#release}; thread-safe.
 *
 * <ol>
 *   <li>It is unloaded when its last user gave it back; whoever keeps an object of the plugin longer, or one of its
 *       exceptions, keeps its class loader from being collected.
 *   <li>Failures of the plugin's code come as {@link PluginException}, which holds text only.
 * </ol>
 */
public final class LoadedArtefact {

    private static final System.Logger LOG = System.getLogger("plugins");

    private final Artefact artefact;
    /** Guards the maps; held while a factory is made, so nothing that runs then may take it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Object> factories = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Map<String, Class<? extends Record>> records = new HashMap<>();
    private volatile boolean linked;
    private volatile @Nullable Running running;

    /** All that pins the plugin's classes, let go of at once. */
    private record Running(SinglePlugin manager, ArtefactClassLoader loader, LifecycleCalls calls) {}

    private LoadedArtefact(Artefact artefact, Running running) {
        this.artefact = artefact;
        this.running = running;
    }

    /** Loads an artefact; none of its code runs yet. */
    static LoadedArtefact load(Artefact artefact, SharedClasses shared, String api, Duration limit)
            throws PluginException {
        SinglePlugin manager = new SinglePlugin(artefact.path().resolveSibling(""), shared, api);
        try {
            ArtefactClassLoader loader = manager.load(artefact);
            return new LoadedArtefact(
                    artefact, new Running(manager, loader, new LifecycleCalls(artefact.toString(), loader, limit)));
        } catch (RuntimeException e) {
            manager.unloadPlugins();
            throw new PluginException(artefact + " cannot be loaded: " + e.getMessage());
        }
    }

    /** What is loaded. */
    public Artefact artefact() {
        return artefact;
    }

    /**
     * The factory of a filter type; the same instance at each call.
     *
     * @throws PluginException where it cannot be made: its class is missing or no FilterFactory, its constructor fails
     *     or takes too long; the same at each call
     */
    public FilterFactory<?> factory(String type) throws PluginException {
        return factory(Point.FILTER, type, FilterFactory.class);
    }

    /** The factory of a type of service, of any kind; as {@link #factory(String)}. */
    public ServiceFactory<?, ?> serviceFactory(String type) throws PluginException {
        return factory(service(type), type, ServiceFactory.class);
    }

    private Point service(String type) throws PluginException {
        return Point.services()
                .filter(point -> artefact.offers(point.written(), type))
                .findFirst()
                .orElseThrow(() -> new PluginException(artefact + " offers no service type " + type));
    }

    private <F> F factory(Point point, String type, Class<F> parent) throws PluginException {
        String key = point.written() + " " + type;
        lock.lock();
        try {
            Object known = factories.get(key);
            if (known != null) {
                return parent.cast(known);
            }
            String failure = failures.get(key);
            if (failure != null) {
                throw new PluginException(failure);
            }
            F made = make(point, type, parent);
            factories.put(key, made);
            return made;
        } catch (PluginException e) {
            failures.put(key, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private <F> F make(Point point, String type, Class<F> parent) throws PluginException {
        Class<?> extension = extension(point.written(), type, parent);
        try {
            return call(
                    "making the factory of " + type,
                    () -> parent.cast(extension.getConstructor().newInstance()));
        } catch (ConfigException e) {
            throw new PluginException(artefact + ": the factory of " + type + " asks for settings: " + e.reason());
        }
    }

    /**
     * Makes sure that each of its extensions can be used: its class loads and links, and its settings can be read. None
     * of their code runs. Done once.
     *
     * @throws PluginException naming the extension and the cause
     */
    public void link() throws PluginException {
        if (linked) {
            return;
        }
        for (Artefact.Extension extension : artefact.extensions()) {
            Class<?> parent = Objects.requireNonNull(Point.of(extension.point()), "the index has been read")
                    .parent();
            Class<?> loaded = extension(extension.point(), extension.type(), parent);
            call("linking " + extension.className(), () -> {
                // Asking for its members makes the JVM verify it and resolve the types that they name.
                return loaded.getDeclaredConstructors().length + loaded.getDeclaredMethods().length;
            });
            record(extension.point(), extension.type(), parent);
        }
        linked = true;
    }

    /** The record that the settings of a filter type bind to. */
    public Class<? extends Record> configRecord(String type) throws PluginException {
        return record(Point.FILTER, type);
    }

    /** The record that a credential type binds to. */
    public Class<? extends Record> credentialRecord(String type) throws PluginException {
        return record(Point.CREDENTIAL, type);
    }

    /** The record that the settings of a type of service bind to. */
    public Class<? extends Record> serviceRecord(String type) throws PluginException {
        return record(service(type), type);
    }

    private Class<? extends Record> record(Point point, String type) throws PluginException {
        return record(point.written(), type, point.parent());
    }

    private Class<? extends Record> record(String point, String type, Class<?> parent) throws PluginException {
        lock.lock();
        try {
            Class<? extends Record> known = records.get(point + " " + type);
            if (known == null) {
                known = find(point, type, parent);
                records.put(point + " " + type, known);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private Class<? extends Record> find(String point, String type, Class<?> parent) throws PluginException {
        Class<?> extension = extension(point, type, parent);
        return call("reading the settings of " + type, () -> {
            Class<? extends Record> found = RecordArgument.of(extension, parent);
            if (found == null) {
                throw new PluginRuntimeException(
                        extension.getName() + " does not say which record it takes (expected: implements "
                                + parent.getSimpleName() + "<TheRecord>)");
            }
            return found;
        });
    }

    private Class<?> extension(String point, String type, Class<?> parent) throws PluginException {
        String className = artefact.extensions().stream()
                .filter(each -> each.point().equals(point) && each.type().equals(type))
                .map(Artefact.Extension::className)
                .findFirst()
                .orElseThrow(() -> new PluginException(artefact + " offers no " + point + " type " + type));
        ClassLoader loader = running().loader();
        return call("loading " + className, () -> {
            Class<?> loaded = loader.loadClass(className);
            if (!parent.isAssignableFrom(loaded)) {
                throw new PluginRuntimeException(className + " is no " + parent.getSimpleName());
            }
            return loaded;
        });
    }

    /**
     * Runs code of the plugin that belongs to its life, such as {@code FilterFactory.create} or {@code Filter.close}: on
     * a thread of the plugin's own, with the plugin's context class loader and a time limit. What comes after the limit is
     * closed, if it can be.
     *
     * @param what in the words of a log line: {@code creating the step auth of the route orders}
     * @throws ConfigException where the plugin throws it; a copy without the plugin's frames
     * @throws PluginException where it fails in any other way, {@link StackOverflowError} and missing classes included
     */
    public <T> T call(String what, Callable<T> action) throws PluginException {
        return running().calls().call(what, action);
    }

    /**
     * A virtual thread for code of the plugin that has no time limit; not started yet. It must have ended before the plugin
     * is given back.
     */
    public Thread thread(String name, Runnable action) throws PluginException {
        Thread thread = Thread.ofVirtual()
                .name(name)
                .inheritInheritableThreadLocals(false)
                .unstarted(action);
        thread.setContextClassLoader(running().loader());
        return thread;
    }

    /** Runs code of the plugin on this thread, for as long as that likes; it must have ended before the plugin is given back. */
    public void within(Action action) throws IOException, InterruptedException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        Running now = running;
        thread.setContextClassLoader(now == null ? before : now.loader());
        try {
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Code of a plugin that writes something. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException, InterruptedException;
    }

    private Running running() throws PluginException {
        Running now = running;
        if (now == null) {
            throw new PluginException(artefact + " is unloaded");
        }
        return now;
    }

    /** The loader of its classes, for the watch on leaks; null once unloaded. */
    @Nullable
    ArtefactClassLoader loader() {
        Running now = running;
        return now == null ? null : now.loader();
    }

    /** Unloads it; its last user is gone. */
    void close() {
        Running ended = running;
        running = null;
        if (ended == null) {
            return;
        }
        lock.lock();
        try {
            factories.clear();
            records.clear();
        } finally {
            lock.unlock();
        }
        ended.calls().close();
        try {
            ended.manager().unloadPlugins();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} was not unloaded cleanly: {1}", artefact, e.toString());
        }
    }

    @Override
    public String toString() {
        return artefact.toString();
    }
}
