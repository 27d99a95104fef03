package dev.sallyport.kernel.doctor;

import java.lang.ref.Reference;
import java.util.function.Consumer;

/** Values of a plugin in the thread locals of platform threads, which outlive the exchange that set them. */
final class ForgottenThreadLocals implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        for (Thread thread : AllThreads.platform()) {
            purge(thread, "threadLocals", patient, findings);
            purge(thread, "inheritableThreadLocals", patient, findings);
        }
    }

    private static void purge(Thread thread, String map, Patient patient, Consumer<Finding> findings) {
        if (!(Internals.read(Internals.read(thread, map), "table") instanceof Object[] table)) {
            return;
        }
        for (Object each : table) {
            if (each instanceof Reference<?> entry) {
                String of = patient.reachedFrom(Internals.read(entry, "value"));
                if (of != null) {
                    String what = "a value of " + of + " in a thread local of the thread '" + thread.getName() + "'";
                    // Stale for its thread, which then removes it by itself: another one must not touch the table.
                    boolean healed = Internals.write(entry, "value", null);
                    entry.clear();
                    findings.accept(
                            healed
                                    ? Finding.healed(patient, Kind.THREAD_LOCAL, what, "removed")
                                    : Finding.unhealed(patient, Kind.THREAD_LOCAL, what, "cannot be removed"));
                }
            }
        }
    }
}
