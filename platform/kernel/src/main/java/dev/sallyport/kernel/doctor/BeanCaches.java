package dev.sallyport.kernel.doctor;

import java.beans.Introspector;
import java.util.function.Consumer;

/** What {@link Introspector} has cached of a plugin's classes. It keeps a cache for each thread group. */
final class BeanCaches implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        if (!patient.uses().test("java.beans.Introspector")) {
            return;
        }
        Introspector.flushCaches();
        try {
            Thread.startVirtualThread(Introspector::flushCaches).join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        findings.accept(Finding.healed(patient, Kind.BEAN_CACHE, "what java.beans.Introspector caches", "flushed"));
    }
}
