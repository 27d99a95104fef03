package dev.sallyport.kernel.doctor;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Values of a plugin that a {@link ClassValue} has computed for classes of the JDK. Nobody can list those classes, so the
 * ones that languages and mappers ask for are tried. For survivors only.
 */
final class ClassValues implements Check {

    private static final List<Class<?>> LIKELY = List.of(
            Object.class,
            String.class,
            CharSequence.class,
            Integer.class,
            Long.class,
            Double.class,
            Boolean.class,
            Number.class,
            int.class,
            long.class,
            double.class,
            boolean.class,
            byte[].class,
            Object[].class,
            Class.class,
            Record.class,
            Enum.class,
            Exception.class,
            java.util.Map.class,
            java.util.HashMap.class,
            java.util.LinkedHashMap.class,
            java.util.List.class,
            java.util.ArrayList.class,
            java.util.Optional.class,
            java.math.BigDecimal.class,
            java.time.Instant.class,
            java.time.Duration.class);

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        for (Class<?> type : LIKELY) {
            if (Internals.read(type, "classValueMap") instanceof Map<?, ?> map) {
                visit(type, map, patient, findings);
            }
        }
    }

    private static void visit(Class<?> type, Map<?, ?> map, Patient patient, Consumer<Finding> findings) {
        List<?> entries;
        synchronized (map) {
            entries = List.copyOf((Collection<?>) map.values());
        }
        for (Object entry : entries) {
            String of = patient.reachedFrom(Internals.read(entry, "value"));
            if (of != null) {
                String what = "a value, " + of + ", in a ClassValue for " + type.getTypeName();
                if (Internals.call(entry, "classValueOrNull") instanceof ClassValue<?> owner) {
                    owner.remove(type);
                    findings.accept(Finding.healed(patient, Kind.CLASS_VALUE, what, "removed"));
                } else {
                    findings.accept(
                            Finding.unhealed(patient, Kind.CLASS_VALUE, what, "only the plugin can take it back"));
                }
            }
        }
    }
}
