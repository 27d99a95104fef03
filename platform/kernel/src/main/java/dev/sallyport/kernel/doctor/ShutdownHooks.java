package dev.sallyport.kernel.doctor;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Hooks that a plugin has added to {@link Runtime}. They are removed, not run. */
final class ShutdownHooks implements Check {

    private static final String REGISTRY = "java.lang.ApplicationShutdownHooks";

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        for (Thread hook : all()) {
            String of =
                    patient.owns(hook) ? Reach.readable(hook.getClass()) : patient.reachedFrom(AllThreads.task(hook));
            if (of != null) {
                boolean removed = Runtime.getRuntime().removeShutdownHook(hook);
                findings.accept(
                        removed
                                ? Finding.healed(patient, Kind.SHUTDOWN_HOOK, "a shutdown hook of " + of, "removed")
                                : Finding.unhealed(
                                        patient, Kind.SHUTDOWN_HOOK, "a shutdown hook of " + of, "it runs already"));
            } else if (patient.loader().equals(hook.getContextClassLoader())) {
                hook.setContextClassLoader(ClassLoader.getSystemClassLoader());
                findings.accept(Finding.healed(
                        patient,
                        Kind.CONTEXT_CLASS_LOADER,
                        "its context class loader to the shutdown hook '" + hook.getName() + "'",
                        "replaced by the gateway's"));
            }
        }
    }

    private static List<Thread> all() {
        try {
            synchronized (Class.forName(REGISTRY)) {
                return Internals.readStatic(REGISTRY, "hooks") instanceof Map<?, ?> hooks
                        ? hooks.keySet().stream().map(Thread.class::cast).toList()
                        : List.of();
            }
        } catch (ClassNotFoundException e) {
            return List.of();
        }
    }
}
