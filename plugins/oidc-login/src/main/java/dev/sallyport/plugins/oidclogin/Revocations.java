package dev.sallyport.plugins.oidclogin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Which sessions have ended before their time, and which logins have been answered: what cookies alone cannot know. In
 * memory, for this gateway. Thread-safe.
 */
final class Revocations {

    /** What is older ended before anything that is newer, so it is given up first. */
    private static final long MOST = 100_000;

    private final Cache<String, Instant> ended;
    private final Cache<String, Boolean> answered;

    /** @param lifetime how long a session lives at most: after that there is nothing left to revoke */
    Revocations(Duration lifetime, Clock clock) {
        this.ended = cache(lifetime, clock);
        this.answered = cache(PendingLogin.PATIENCE, clock);
    }

    private static <V> Cache<String, V> cache(Duration time, Clock clock) {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(() -> clock.millis() * 1_000_000)
                .expireAfterWrite(time)
                // Its upkeep is short; a pool's thread would hold on to this plugin.
                .executor(Runnable::run)
                .build();
    }

    /** Ends one session. */
    void end(Session session) {
        ended.put("id " + session.id(), Instant.MAX);
    }

    /** Ends the sessions that belong to one of the provider's and began before. */
    void endProviderSession(String sid, Instant before) {
        ended.put("sid " + sid, before);
    }

    /** Ends all sessions of a person that began before. */
    void endAllOf(String subject, Instant before) {
        ended.put("sub " + subject, before);
    }

    /** Whether it was ended. Times are compared by the provider's clock, which made all of them. */
    boolean hasEnded(Session session) {
        return isBefore("id " + session.id(), session)
                || isBefore("sid " + session.tokens().providerSession(), session)
                || isBefore("sub " + session.tokens().subject(), session);
    }

    /** Takes note that a login was answered; false where it was before. */
    boolean answer(PendingLogin login) {
        return answered.asMap().putIfAbsent(login.state(), true) == null;
    }

    private boolean isBefore(String key, Session session) {
        Instant time = ended.getIfPresent(key);
        return time != null && !session.tokens().issued().isAfter(time);
    }
}
