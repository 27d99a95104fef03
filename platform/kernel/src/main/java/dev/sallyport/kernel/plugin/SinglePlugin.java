package dev.sallyport.kernel.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pf4j.BasePluginRepository;
import org.pf4j.DefaultPluginManager;
import org.pf4j.ExtensionFinder;
import org.pf4j.IndexedExtensionFinder;
import org.pf4j.JarPluginLoader;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.Plugin;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginState;
import org.pf4j.PluginStatusProvider;

/**
 * PF4J for exactly one artefact. PF4J refuses a second version of an id and its maps are for one thread: with a manager
 * each, versions stand side by side, and unloading throws the whole manager away. For one thread at a time.
 *
 * <p>The super constructor calls the {@code create…} methods, so what they return may read fields of this class only
 * when it is used.
 */
final class SinglePlugin extends DefaultPluginManager {

    private final SharedClasses shared;

    /**
     * @param store the folder that the jar lies in; PF4J wants one, and never lists it
     * @param api the version of the plugin API, without which PF4J would not check what a plugin requires
     */
    SinglePlugin(Path store, SharedClasses shared, String api) {
        super(store);
        this.shared = shared;
        setSystemVersion(api);
    }

    /**
     * Loads and starts the artefact.
     *
     * @return the loader of its classes
     * @throws PluginRuntimeException where PF4J does not take it
     */
    ArtefactClassLoader load(Artefact artefact) {
        loadPlugin(artefact.path());
        // PF4J does not throw where a plugin requires another API: it disables it.
        PluginState state = startPlugin(artefact.id());
        if (state != PluginState.STARTED) {
            throw new PluginRuntimeException("PF4J leaves it in the state " + state);
        }
        Set<String> classes = getExtensionClassNames(artefact.id());
        for (Artefact.Extension extension : artefact.extensions()) {
            if (!classes.contains(extension.className())) {
                throw new PluginRuntimeException("PF4J does not find " + extension.className());
            }
        }
        return (ArtefactClassLoader) getPluginClassLoader(artefact.id());
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new ManifestPluginDescriptorFinder();
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new JarPluginLoader(this) {
            @Override
            protected PluginClassLoader createPluginClassLoader(Path path, PluginDescriptor descriptor) {
                return new ArtefactClassLoader(SinglePlugin.this, descriptor, shared);
            }
        };
    }

    /** A plugin here is its extensions; PF4J's own factory would look for a class and give null without one. */
    @Override
    protected PluginFactory createPluginFactory() {
        return wrapper -> new Plugin();
    }

    @Override
    protected ExtensionFinder createExtensionFinder() {
        IndexedExtensionFinder finder = new IndexedExtensionFinder(this) {
            @Override
            public Map<String, Set<String>> readClasspathStorages() {
                return Map.of();
            }
        };
        addPluginStateListener(finder);
        return finder;
    }

    /** Which plugins run is said in the configuration; PF4J's own provider would write files. */
    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String pluginId) {
                return false;
            }

            @Override
            public void disablePlugin(String pluginId) {
                throw new UnsupportedOperationException("plugins are disabled in the configuration");
            }

            @Override
            public void enablePlugin(String pluginId) {
                throw new UnsupportedOperationException("plugins are enabled in the configuration");
            }
        };
    }

    /** The store owns the files: PF4J neither lists nor deletes them. */
    @Override
    protected PluginRepository createPluginRepository() {
        return new BasePluginRepository(List.of());
    }
}
