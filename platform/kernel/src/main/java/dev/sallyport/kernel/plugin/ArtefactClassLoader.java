package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.doctor.Patient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
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

    /** This loader as the doctor sees it. */
    Patient patient() {
        return new Patient(artefact, this, name -> findLoadedClass(name) != null, this::defineOnceMore);
    }

    private Class<?> defineOnceMore(Class<?> original) {
        Class<?> known = findLoadedClass(original.getName());
        if (known != null) {
            return known;
        }
        try (InputStream in = original.getResourceAsStream(original.getSimpleName() + ".class")) {
            byte[] bytes = Objects.requireNonNull(in, original.getName()).readAllBytes();
            return defineClass(original.getName(), bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code rate-limit 1.4.0}. */
    @Override
    public String toString() {
        return artefact;
    }
}
