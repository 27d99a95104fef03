package dev.sallyport.kernel.doctor;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows references from one object to a class of one loader. It passes through objects of the JDK only: what leads on
 * through an object of the gateway or of another plugin is theirs to let go of. Bounded, so a large queue may hide
 * something, and blind in packages that are not opened to the gateway.
 */
final class Reach {

    private static final int MOST_OBJECTS = 20_000;

    private final ClassLoader loader;
    private final Deque<Object> open = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Reach(ClassLoader loader) {
        this.loader = loader;
    }

    /** The name of the class that it leads to; null for none. */
    @Nullable
    String from(@Nullable Object start) {
        if (start == null) {
            return null;
        }
        enter(start);
        while (!open.isEmpty() && seen.size() < MOST_OBJECTS) {
            Object next = open.poll();
            String found = found(next);
            if (found != null) {
                return found;
            }
            if (isPassable(next)) {
                enterAll(next);
            }
        }
        return null;
    }

    private @Nullable String found(Object object) {
        if (loader.equals(object)) {
            return "its class loader";
        }
        Class<?> type = object instanceof Class<?> itself ? itself : object.getClass();
        return loader.equals(type.getClassLoader()) ? readable(type) : null;
    }

    /** {@code a lambda of x.Refresh}, where the JVM says {@code x.Refresh$$Lambda/0x0000000099177c00}. */
    static String readable(Class<?> type) {
        String name = type.getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
    }

    /** Threads, loaders and groups lead everywhere. */
    private static boolean isPassable(Object object) {
        ClassLoader of = object.getClass().getClassLoader();
        return (of == null || of.equals(ClassLoader.getPlatformClassLoader()))
                && !(object instanceof Class<?>
                        || object instanceof ClassLoader
                        || object instanceof Thread
                        || object instanceof ThreadGroup
                        || object instanceof Module)
                && !object.getClass().getName().endsWith("ThreadContainer");
    }

    private void enterAll(Object object) {
        if (object instanceof Object[] array) {
            for (Object element : array) {
                enter(element);
            }
            return;
        }
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            if (Reference.class.equals(type)) {
                break; // what it refers to, it does not keep
            }
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !field.getType().isPrimitive()
                        && field.trySetAccessible()) {
                    try {
                        enter(field.get(object));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e); // it was made accessible
                    }
                }
            }
        }
    }

    private void enter(@Nullable Object object) {
        if (object != null && !isLeaf(object) && seen.add(object)) {
            open.add(object);
        }
    }

    private static boolean isLeaf(Object object) {
        Class<?> element = object.getClass().getComponentType();
        return object instanceof String || (element != null && element.isPrimitive());
    }
}
