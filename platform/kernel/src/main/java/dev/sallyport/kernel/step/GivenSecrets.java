package dev.sallyport.kernel.step;

import dev.sallyport.api.SecretSource;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.config.SecretLookup.UnknownSecretException;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A secret source, and the values that it has given. Thread-safe: it asks once at a time. */
final class GivenSecrets implements AutoCloseable {

    private static final Logger LOG = System.getLogger("plugin");
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final SecretSource source;
    private final LoadedArtefact plugin;
    private final long pauseNanos;

    /** What readings were given last, by key: also those that only plan. */
    private final Map<String, String> given = new HashMap<>();

    /** The same of the last change that was carried through, or refused. */
    private final Map<String, String> taken = new HashMap<>();

    /** What has been told to have changed since, so that it is told once. */
    private final Map<String, Optional<String>> told = new HashMap<>();

    private long askedAt = System.nanoTime();
    private boolean closed;
    private volatile @Nullable String trouble;

    GivenSecrets(String name, SecretSource source, LoadedArtefact plugin, Duration askAgain) {
        this.name = name;
        this.source = source;
        this.plugin = plugin;
        this.pauseNanos = (askAgain.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : askAgain).toNanos();
    }

    /** A value for a reading: as it is now, or was when the source could be asked last. */
    synchronized String secret(String key) throws UnknownSecretException {
        Optional<String> now;
        try {
            now = ask(key);
            trouble = null;
        } catch (PluginException | ConfigException e) {
            String known = given.get(key);
            if (known == null) {
                throw new UnknownSecretException(
                        "(expected: an answer of the service " + name + "); " + e.getMessage());
            }
            failed(e);
            return known;
        }
        if (now.isEmpty()) {
            throw new UnknownSecretException(
                    "(expected: a secret that the service " + name + " has); add it there, or mend the key");
        }
        given.put(key, now.get());
        return now.get();
    }

    /** A change has been carried through, or refused, with what was given. */
    synchronized void taken() {
        taken.putAll(given);
    }

    /** Asks again, where it is time for it; whether something is another than what was taken, and that is news. */
    synchronized boolean hasChanged() {
        if (closed || System.nanoTime() - askedAt < pauseNanos) {
            return false;
        }
        askedAt = System.nanoTime();
        boolean news = false;
        try {
            for (Map.Entry<String, String> each : taken.entrySet()) {
                Optional<String> now = ask(each.getKey());
                // Also where all is as it was: what was told of it may have been refused, and stands as that.
                news |= now.equals(Optional.of(each.getValue()))
                        ? told.remove(each.getKey()) != null
                        : !now.equals(told.put(each.getKey(), now));
            }
            trouble = null;
        } catch (PluginException | ConfigException e) {
            failed(e);
        }
        return news;
    }

    private Optional<String> ask(String key) throws PluginException {
        return plugin.call(
                "asking the service " + name + " for a secret", () -> Optional.ofNullable(source.secret(key)));
    }

    private void failed(Exception e) {
        if (trouble == null) {
            LOG.log(Level.WARNING, "the secrets that service {0} gave serve on: {1}", name, e.getMessage());
        }
        trouble = "it cannot be asked, the secrets that it gave serve on: " + e.getMessage();
    }

    /** What does not work now; null where all is well. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Runs as the plugin; waits for an answer that is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        given.clear();
        taken.clear();
        told.clear();
        source.close();
    }
}
