package dev.sallyport.kernel.doctor;

import java.util.Locale;

/** The ways in which a plugin stays in memory after it was unloaded, each with what its author must do about it. */
public enum Kind {
    THREAD("end it in close(), or run it on context.threads()"),
    VIRTUAL_THREAD("end it in close(), or run it on context.threads()"),
    EXECUTOR("shut it down in close(), or use context.scheduler() or context.threads()"),
    TIMER("cancel it in close(), or use context.scheduler()"),
    CONTEXT_CLASS_LOADER("end the thread in close() if the plugin has started it"),
    THREAD_LOCAL("remove() it in a finally block, or pass the value on as an argument"),
    SHUTDOWN_HOOK("do its work in close(), which also runs when the gateway stops"),
    PROCESS_DEFAULT("set nothing for the whole process; give it to the object that needs it"),
    JDBC_DRIVER("DriverManager.deregisterDriver it in close(), or use its DataSource without DriverManager"),
    LOG_HANDLER("remove it from its logger in close(), or log through context.logger()"),
    SECURITY_PROVIDER("Security.removeProvider it in close(), or pass the Provider to getInstance(…)"),
    MBEAN("unregister it in close()"),
    SYSTEM_PROPERTY("put only texts into the system properties, and remove them in close()"),
    BEAN_CACHE("Introspector.flushFromCaches its classes in close()"),
    CLASS_VALUE("remove(…) it in close(), or compute it for classes of the plugin only"),
    CLEANER("clean() it in close(), and let its action be a static class that refers to nothing else of the plugin"),
    DELAYED_TASK("complete or cancel the future in close(), or delay through context.scheduler()"),
    UNKNOWN("`sallyport plugins doctor --heap` shows the path that leads to it");

    private final String mend;

    Kind(String mend) {
        this.mend = mend;
    }

    /** What to do, to a plugin's author. */
    public String mend() {
        return mend;
    }

    /** As metrics and JSON have it: {@code thread-local}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
