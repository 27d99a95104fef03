package dev.sallyport.kernel.doctor;

import java.util.function.Consumer;

/**
 * Actions of a plugin that a {@link java.lang.ref.Cleaner} holds. For survivors only: it lets go of an action by itself
 * when its object has been collected, which never comes where the action leads to that object.
 */
final class Cleaners implements Check {

    static boolean isCleaner(Thread thread) {
        Object task = AllThreads.task(thread);
        return task != null && task.getClass().getName().equals("jdk.internal.ref.CleanerImpl");
    }

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        for (Thread thread : AllThreads.platform()) {
            if (isCleaner(thread)) {
                String of = patient.reachedFrom(AllThreads.task(thread));
                if (of != null) {
                    findings.accept(Finding.unhealed(
                            patient,
                            Kind.CLEANER,
                            "an action, " + of + ", with the Cleaner of the thread '" + thread.getName() + "'",
                            "only the plugin can take it back"));
                }
            }
        }
    }
}
