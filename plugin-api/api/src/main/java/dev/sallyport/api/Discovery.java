package dev.sallyport.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows where the instances of services are, and tells whenever that changes: a registry, an orchestrator, a name server.
 *
 * <p>There is one instance for each entry under {@code services:}. The gateway calls {@link #watch} once for each upstream
 * that asks it, on a virtual thread of its own, so a watch may block, and what it must remember is a local variable.
 *
 * <ol>
 *   <li>A watch tells the whole list as soon as it knows it, and again whenever it changes. An empty list says that the
 *       service has no instance now.
 *   <li>It throws what goes wrong, and holds nothing back: the gateway keeps the last list, names the reason where
 *       operators look, and calls again after a pause that grows from 100 ms to 10 s. One that returns is called again
 *       too. So an author writes no reconnecting.
 *   <li>Its thread is interrupted when nobody asks any more; it ends then, and tells nothing after.
 *   <li>{@link #close} is called exactly once, after all watches have ended.
 * </ol>
 *
 * {@snippet :
 * Discovery fixed = (query, listener) -> {
 *     listener.endpoints(List.of(Endpoint.of(query.scheme(), query.service() + ".internal", 8080)));
 *     Thread.sleep(Long.MAX_VALUE); // nothing ever changes
 * };
 * }
 */
@FunctionalInterface
public interface Discovery extends AutoCloseable {

    /**
     * Tells the instances of one service until it is interrupted or fails.
     *
     * @param query what the upstream asks for
     * @param listener takes each list
     * @throws Exception where the source cannot be asked any more: the message is shown to operators
     */
    void watch(Query query, Listener listener) throws Exception;

    /** Frees what it holds. What was lent by {@link ServiceContext} is taken back without it. */
    @Override
    default void close() {}

    /**
     * What an upstream asks for.
     *
     * @param service the service's name, as the source has it
     * @param port a port's name or number, where the source knows several; null where the upstream names none
     * @param scheme what to speak to the instances, where the source does not say it: {@code http} or {@code https}
     */
    record Query(String service, @Nullable String port, String scheme) {}

    /** Takes what a watch finds; for the thread of the watch. */
    @FunctionalInterface
    interface Listener {

        /**
         * Takes the instances that there are now.
         *
         * @param all all of them, in any order; telling the same again does nothing
         */
        void endpoints(List<Endpoint> all);
    }
}
