package dev.sallyport.kernel.doctor;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the JDK keeps to itself, where the launcher has opened it ({@code --add-opens}); else, and in a JDK where a
 * field has another name, it gives null, and the doctor finds less.
 */
final class Internals {

    private Internals() {}

    /** A field of an object; null also where it cannot be read. */
    static @Nullable Object read(@Nullable Object owner, String field) {
        if (owner == null) {
            return null;
        }
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            Object value = read(type, owner, field);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** A static field; null also where it cannot be read. */
    static @Nullable Object readStatic(String type, String field) {
        try {
            return read(Class.forName(type), null, field);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static @Nullable Object read(Class<?> type, @Nullable Object owner, String name) {
        try {
            Field field = type.getDeclaredField(name);
            return field.trySetAccessible() ? field.get(owner) : null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Sets a field of an object; whether that was possible. */
    static boolean write(Object owner, String name, @Nullable Object value) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            if (!field.trySetAccessible()) {
                return false;
            }
            field.set(owner, value);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Calls a method without parameters; null also where it cannot be called. */
    static @Nullable Object call(Object owner, String name) {
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Method method = type.getDeclaredMethod(name);
                return method.trySetAccessible() ? method.invoke(owner) : null;
            } catch (NoSuchMethodException e) {
                // it may be a parent's
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }
        return null;
    }
}
