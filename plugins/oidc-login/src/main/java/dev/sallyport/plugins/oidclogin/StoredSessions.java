package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in a store, encrypted; the browser's cookie holds the encrypted id alone. So who reads the store has no
 * tokens, and who knows its keys no cookie. Thread-safe.
 */
final class StoredSessions implements KeptSessions {

    private final Cookies cookies;
    private final Seal ids;
    private final Seal sessions;
    private final Store store;
    private final String prefix;
    private final String name;
    private final Duration idle;
    private final Duration lifetime;
    private final Clock clock;

    /** @param prefix of the keys in the store: the same for all steps of a client */
    StoredSessions(
            OidcLoginConfig config, Cookies cookies, Seal ids, Seal sessions, Store store, String prefix, Clock clock) {
        this.cookies = cookies;
        this.ids = ids;
        this.sessions = sessions;
        this.store = store;
        this.prefix = prefix + "session ";
        this.name = config.sessionCookie().name();
        this.idle = config.idle();
        this.lifetime = config.lifetime();
        this.clock = clock;
    }

    @Override
    public boolean owns(String cookie) {
        return cookie.equals(name);
    }

    @Override
    public @Nullable Session read(Map<String, String> carried) {
        String id = id(carried);
        return id == null ? null : opened(store.get(prefix + id));
    }

    @Override
    public List<String> begin(Session session, Map<String, String> carried) {
        String former = id(carried);
        if (former != null) {
            store.remove(prefix + former);
        }
        store.put(prefix + session.id(), sessions.close(session.toJson()), left(session));
        return List.of(cookies.set(name, ids.close(session.id()), lifetime));
    }

    /** One that a logout has removed meanwhile stays away, and newer tokens that are there already stay there. */
    @Override
    public List<String> update(Session session, Map<String, String> carried) {
        try {
            replace(session);
        } catch (StoreUnavailableException away) {
            // It stays as it is: somebody who has a session is let in with it.
        }
        return List.of();
    }

    private void replace(Session session) {
        String key = prefix + session.id();
        String there = store.get(key);
        Session current = opened(there);
        if (there != null && current != null) {
            Session newer = isLater(current.tokens().expires(), session.tokens().expires())
                    ? session.with(current.tokens())
                    : session;
            // Where it was changed just now, another request has done as much.
            store.replace(key, there, sessions.close(newer.toJson()), left(newer));
        }
    }

    @Override
    public List<String> clear(Map<String, String> carried) {
        String id = id(carried);
        try {
            if (id != null) {
                store.remove(prefix + id);
            }
        } catch (StoreUnavailableException away) {
            // Without its cookie nobody asks for it, and its time ends.
        }
        return carried.containsKey(name) ? List.of(cookies.expire(name)) : List.of();
    }

    private @Nullable String id(Map<String, String> carried) {
        String sealed = carried.get(name);
        return sealed == null ? null : ids.open(sealed);
    }

    private @Nullable Session opened(@Nullable String sealed) {
        String json = sealed == null ? null : sessions.open(sealed);
        return json == null ? null : Session.parse(json);
    }

    private Duration left(Session session) {
        Duration left = Duration.between(clock.instant(), session.started().plus(lifetime));
        Duration shorter = left.compareTo(idle) < 0 ? left : idle;
        return shorter.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : shorter;
    }

    private static boolean isLater(@Nullable Instant one, @Nullable Instant other) {
        return one != null && other != null && one.isAfter(other);
    }
}
