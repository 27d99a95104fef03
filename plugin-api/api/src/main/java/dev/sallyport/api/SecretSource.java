package dev.sallyport.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps secrets outside of the configuration, which refers to them as {@code ${secret:NAME/KEY}}: a vault, a folder that an
 * orchestrator mounts.
 *
 * <p>There is one instance for each entry under {@code services:}. The gateway asks it whenever it reads a configuration, and
 * again from time to time for what it uses: where a value has changed, the configuration is read again, whole or not at all.
 *
 * <ol>
 *   <li>{@link #secret} has a few seconds. It throws what goes wrong: where the gateway knows an earlier value it goes on
 *       with that, and says so; else the change that asked is refused with the message, which therefore holds no secret.
 *   <li>It is called by one thread at a time.
 *   <li>{@link #close} is called exactly once, after the last call.
 * </ol>
 *
 * {@snippet :
 * SecretSource fixed = key -> key.equals("word") ? "sesame" : null;
 * }
 */
@FunctionalInterface
public interface SecretSource extends AutoCloseable {

    /**
     * The secret of that key, as it is now.
     *
     * @param key what stands behind the source's name and a slash; chosen by who writes the configuration
     * @return null where there is none
     * @throws Exception where the source cannot be asked
     */
    @Nullable
    String secret(String key) throws Exception;

    /** How often the gateway asks again; half a minute, unless it is cheap to ask more often. At least a second. */
    default Duration askAgain() {
        return Duration.ofSeconds(30);
    }

    /** Frees what it holds. What was lent by {@link ServiceContext} is taken back without it. */
    @Override
    default void close() {}
}
