package dev.sallyport.kernel.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK's only way to hear of them, {@code sun.misc.Signal}, is supported but marked so
 * that compiling against it warns; hence by reflection.
 */
final class Signals {

    private Signals() {}

    /**
     * Runs something at each signal of that name, on a thread of the JVM's.
     *
     * @param name without {@code SIG}
     * @return whether this system and this JVM have it to give
     */
    static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (proxy, method, arguments) -> {
                if (method.getDeclaringClass().equals(Object.class)) {
                    return switch (method.getName()) {
                        case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "handler of " + name;
                    };
                }
                action.run();
                return null;
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, run));
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException unknownHere) {
            return false;
        }
    }
}
