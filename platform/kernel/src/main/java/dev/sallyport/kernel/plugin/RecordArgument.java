package dev.sallyport.kernel.plugin;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the record {@code C} of a class that implements {@code FilterFactory<C>}, also where a superclass of its own
 * stands between them.
 */
final class RecordArgument {

    private final Class<?> point;
    private final Map<TypeVariable<?>, Type> bound = new HashMap<>();

    private RecordArgument(Class<?> point) {
        this.point = point;
    }

    /**
     * The record.
     *
     * @param point an interface with one type parameter
     * @return null where the class does not say which record it is
     */
    static @Nullable Class<? extends Record> of(Class<?> extension, Class<?> point) {
        RecordArgument search = new RecordArgument(point);
        search.visit(extension);
        Type argument = search.bound.get(point.getTypeParameters()[0]);
        while (argument instanceof TypeVariable<?> variable) {
            argument = search.bound.get(variable);
        }
        Type raw = argument instanceof ParameterizedType generic ? generic.getRawType() : argument;
        return raw instanceof Class<?> type && type.isRecord() ? type.asSubclass(Record.class) : null;
    }

    private void visit(@Nullable Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                bound.put(variables[i], generic.getActualTypeArguments()[i]);
            }
            visit(raw);
        } else if (type instanceof Class<?> raw && point.isAssignableFrom(raw)) {
            List<Type> above = new ArrayList<>(List.of(raw.getGenericInterfaces()));
            if (raw.getGenericSuperclass() != null) {
                above.add(raw.getGenericSuperclass());
            }
            above.forEach(this::visit);
        }
    }
}
