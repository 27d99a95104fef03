package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Admin;
import dev.sallyport.api.AdminPages.Caller;
import dev.sallyport.api.AdminPages.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who has logged in. In memory alone: after a restart one logs in again. What stands in a browser's cookie is known here by its
 * hash. Thread-safe.
 */
final class Sessions {

    /** How long a page's bearer token is good; the page asks for another one before. */
    static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    /** Tabs of one session that are open at once; one more ends the token of the oldest. */
    private static final int MOST_TABS = 30;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private final ConsoleConfig config;
    private final Clock clock;

    /** By the hash of the cookie's value. */
    private final Map<String, Session> sessions = new HashMap<>();

    Sessions(ConsoleConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * What a page gets to know of its session.
     *
     * @param token a bearer token of the admin API
     * @param life how long that token is good
     * @param left how long the session has at most
     */
    record Granted(String who, Role role, String token, Duration life, Duration left) {}

    /**
     * One that has begun.
     *
     * @param cookie what the browser keeps
     */
    record Begun(String cookie, Granted granted) {}

    /** There are as many sessions as may be. */
    static final class FullException extends Exception {

        private static final long serialVersionUID = 1;

        FullException(String message) {
            super(message);
        }
    }

    /** What stands for a session in a browser, or for a login that has begun. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Begins one whose ground is an admin token.
     *
     * @param tokenHash that token's
     */
    Begun begin(String who, Role role, String tokenHash, Admin admin) throws FullException {
        return begin(new Session("token:" + who, who, role, tokenHash, clock.instant()), admin);
    }

    /**
     * Begins one whose ground is a provider's word.
     *
     * @param subject the provider's own name for the person, which stays the same
     */
    Begun beginAtProvider(String subject, String who, Role role, Admin admin) throws FullException {
        return begin(new Session("oidc:" + subject, who, role, null, clock.instant()), admin);
    }

    private synchronized Begun begin(Session session, Admin admin) throws FullException {
        forget(admin);
        List<Map.Entry<String, Session>> own = new ArrayList<>(sessions.entrySet().stream()
                .filter(each -> each.getValue().person.equals(session.person))
                .sorted((a, b) -> a.getValue().renewed.compareTo(b.getValue().renewed))
                .toList());
        while (own.size() >= config.sessionsEach()) {
            Map.Entry<String, Session> oldest = own.removeFirst();
            sessions.remove(oldest.getKey());
            revoke(oldest.getValue(), admin);
        }
        if (sessions.size() >= config.sessions()) {
            throw new FullException(config.sessions() + " sessions are open (expected: fewer); one must end first");
        }
        Granted granted = grant(session, session.role, admin);
        String cookie = random();
        sessions.put(hash(cookie), session);
        return new Begun(cookie, granted);
    }

    /**
     * Goes on with one; null where it is over, or its ground is gone.
     *
     * @param active whether somebody does something there: else it comes no later to its end for being idle
     */
    synchronized @Nullable Granted renew(String cookie, boolean active, Admin admin) throws FullException {
        String key = hash(cookie);
        Session session = sessions.get(key);
        if (session == null) {
            return null;
        }
        Role role = session.role;
        if (session.tokenHash != null) {
            Caller now = admin.checkHash(session.tokenHash);
            role = now == null || !now.name().equals(session.who) ? null : role.atMost(now.role());
        }
        if (role == null || isOver(session)) {
            sessions.remove(key);
            revoke(session, admin);
            return null;
        }
        if (active) {
            session.renewed = clock.instant();
        }
        return grant(session, role, admin);
    }

    /** Ends one and what its pages hold; whose it was, null where it was none. */
    synchronized @Nullable String end(String cookie, Admin admin) {
        Session session = sessions.remove(hash(cookie));
        if (session == null) {
            return null;
        }
        revoke(session, admin);
        return session.who;
    }

    private Granted grant(Session session, Role role, Admin admin) throws FullException {
        Duration left = Duration.between(clock.instant(), session.began.plus(config.longest()));
        Duration idle = Duration.between(clock.instant(), session.renewed.plus(config.idle()));
        Duration life =
                Stream.of(TOKEN_LIFE, left, idle).min(Comparator.naturalOrder()).orElseThrow();
        String token;
        try {
            token = admin.mint(session.who, role, life, session.tokenHash);
        } catch (IllegalStateException full) {
            throw new FullException(String.valueOf(full.getMessage()));
        }
        session.minted.addLast(token);
        while (session.minted.size() > MOST_TABS) {
            admin.revoke(session.minted.removeFirst());
        }
        return new Granted(session.who, role, token, life, left);
    }

    /** Ends what nobody goes on with. */
    private void forget(Admin admin) {
        for (Iterator<Session> all = sessions.values().iterator(); all.hasNext(); ) {
            Session session = all.next();
            if (isOver(session)) {
                all.remove();
                revoke(session, admin);
            }
        }
    }

    private boolean isOver(Session session) {
        Instant now = clock.instant();
        return !now.isBefore(session.began.plus(config.longest()))
                || !now.isBefore(session.renewed.plus(config.idle()));
    }

    private static void revoke(Session session, Admin admin) {
        session.minted.forEach(admin::revoke);
        session.minted.clear();
    }

    /** As the gateway hashes tokens: SHA-256 in lower-case hex. */
    static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
