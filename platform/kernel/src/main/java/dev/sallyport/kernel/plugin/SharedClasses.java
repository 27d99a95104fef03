package dev.sallyport.kernel.plugin;

import java.util.List;
import java.util.Set;

/**
 * The parent of every plugin's class loader: the JDK and the few packages that a plugin shares with the gateway, and
 * nothing else of it, neither classes nor resources. It lives as long as the process.
 */
final class SharedClasses extends ClassLoader {

    /** Never from a plugin's jar: a second copy of these would not be the gateway's. */
    private static final String API = "dev.sallyport.api.";

    private static final Set<String> API_PACKAGES = Set.of(
            "dev.sallyport.api",
            "dev.sallyport.api.config",
            "dev.sallyport.api.message",
            "dev.sallyport.api.telemetry");
    private static final Set<String> CLASSES = Set.of("org.pf4j.Extension", "org.pf4j.ExtensionPoint");
    private static final List<String> PREFIXES =
            List.of("org.slf4j.", "org.jspecify.", "io.opentelemetry.api.", "io.opentelemetry.context.");

    private final ClassLoader gateway;

    /** @param gateway the loader of the gateway's own classes */
    SharedClasses(ClassLoader gateway) {
        super("sallyport-shared", getPlatformClassLoader());
        this.gateway = gateway;
    }

    /** Whether a class of that name comes from the gateway, also where a plugin's jar holds one. */
    boolean owns(String className) {
        return className.startsWith(API) || (isShared(className) && exists(className));
    }

    private boolean exists(String className) {
        // A plugin may bring its own OpenTelemetry where the gateway has none.
        return gateway.getResource(className.replace('.', '/') + ".class") != null;
    }

    private static boolean isShared(String className) {
        return API_PACKAGES.contains(className.substring(0, Math.max(0, className.lastIndexOf('.'))))
                || CLASSES.contains(className)
                || PREFIXES.stream().anyMatch(className::startsWith);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isShared(name)) {
            return gateway.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
