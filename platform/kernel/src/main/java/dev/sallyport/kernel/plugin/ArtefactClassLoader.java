package dev.sallyport.kernel.plugin;

import org.pf4j.ClassLoadingStrategy;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;

/** Loads the classes of one artefact: its own jar first, then {@link SharedClasses}. */
final class ArtefactClassLoader extends PluginClassLoader {

    private final SharedClasses shared;
    private final String artefact;

    ArtefactClassLoader(PluginManager manager, PluginDescriptor descriptor, SharedClasses shared) {
        super(manager, descriptor, shared, ClassLoadingStrategy.PAD);
        this.shared = shared;
        this.artefact = descriptor.getPluginId() + " " + descriptor.getVersion();
    }

    @Override
    protected boolean shouldDelegateToParent(String className) {
        return shared.owns(className);
    }

    /** {@code rate-limit 1.4.0}. */
    @Override
    public String toString() {
        return artefact;
    }
}
