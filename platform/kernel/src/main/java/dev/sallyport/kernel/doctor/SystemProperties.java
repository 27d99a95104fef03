package dev.sallyport.kernel.doctor;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Objects of a plugin in the system properties. */
final class SystemProperties implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        for (Map.Entry<Object, Object> entry :
                List.copyOf(System.getProperties().entrySet())) {
            String of = patient.reachedFrom(entry.getValue());
            if (of != null || patient.owns(entry.getKey())) {
                System.getProperties().remove(entry.getKey());
                findings.accept(Finding.healed(
                        patient,
                        Kind.SYSTEM_PROPERTY,
                        "an object in the system property " + (of == null ? "of its own" : entry.getKey()),
                        "removed"));
            }
        }
    }
}
