package dev.sallyport.plugins.oidclogin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.id.State;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions have ended before their time, and which logins have been answered: what cookies alone cannot know. It is in
 * a store, so that it survives an upgrade, and may be known to several gateways. Thread-safe.
 */
final class Revocations {

    private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

    private final Store store;
    private final String prefix;
    private final Duration lifetime;
    private final Clock clock;
    private final Logger log;

    /** By the id of a session, as of which logout it was found not to have ended: until the next one that holds. */
    private final Cache<String, String> going;

    private volatile @Nullable Instant logged;

    /**
     * Of one client.
     *
     * @param prefix of the keys in the store: the same for all steps of a client
     * @param lifetime how long a session lives at most: after that there is nothing left to revoke
     */
    Revocations(Store store, String prefix, Duration lifetime, Clock clock, Logger log) {
        this.store = store;
        this.prefix = prefix;
        this.lifetime = lifetime;
        this.clock = clock;
        this.log = log;
        this.going = Caffeine.newBuilder()
                .maximumSize(10_000)
                .ticker(() -> clock.millis() * 1_000_000)
                .expireAfterWrite(lifetime)
                // Its upkeep is short; a pool's thread would hold on to this plugin.
                .executor(Runnable::run)
                .build();
    }

    /** Ends one session; where that cannot be kept, only its browser, whose cookie is taken away, and the provider know. */
    void end(Session session) {
        try {
            end("id " + session.id(), Instant.MAX);
        } catch (StoreUnavailableException e) {
            warn(e);
        }
    }

    /**
     * Ends the sessions that belong to one of the provider's and began before.
     *
     * @throws StoreUnavailableException where that cannot be kept
     */
    void endProviderSession(String sid, Instant before) {
        end("sid " + sid, before);
    }

    /**
     * Ends all sessions of a person that began before.
     *
     * @throws StoreUnavailableException where that cannot be kept
     */
    void endAllOf(String subject, Instant before) {
        end("sub " + subject, before);
    }

    private void end(String what, Instant before) {
        store.put(prefix + what, Long.toString(before.getEpochSecond()), lifetime);
        store.put(prefix + "logout", new State().getValue(), lifetime);
    }

    /**
     * Whether it was ended. Times are compared by the provider's clock, which made all of them. Where the store is away,
     * none was: at the latest, the provider says so when tokens are renewed.
     */
    boolean hasEnded(Session session) {
        try {
            String logout = store.get(prefix + "logout");
            String last = logout == null ? "" : logout;
            if (last.equals(going.getIfPresent(session.id()))) {
                return false;
            }
            boolean ended = isBefore("id " + session.id(), session)
                    || isBefore("sid " + session.tokens().providerSession(), session)
                    || isBefore("sub " + session.tokens().subject(), session);
            if (!ended) {
                going.put(session.id(), last);
            }
            return ended;
        } catch (StoreUnavailableException e) {
            warn(e);
            return false;
        }
    }

    /** Takes note that a login was answered; false where it was before. The provider, too, takes its code once only. */
    boolean answer(PendingLogin login) {
        try {
            return store.putIfAbsent(prefix + "state " + login.state(), "", PendingLogin.PATIENCE);
        } catch (StoreUnavailableException e) {
            warn(e);
            return true;
        }
    }

    private boolean isBefore(String what, Session session) {
        String time = store.get(prefix + what);
        return time != null && session.tokens().issued().getEpochSecond() <= Long.parseLong(time);
    }

    private void warn(StoreUnavailableException e) {
        Instant now = clock.instant();
        Instant last = logged;
        if (last == null || !now.isBefore(last.plus(LOG_PAUSE))) {
            logged = now;
            log.log(Level.WARNING, "logouts are not known at present: {0}", e.getMessage());
        }
    }
}
