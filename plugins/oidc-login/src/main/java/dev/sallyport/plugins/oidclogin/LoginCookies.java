package dev.sallyport.plugins.oidclogin;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps logins that have begun in the browser, encrypted, each in a cookie of its own: every tab may begin one. Thread-safe. */
final class LoginCookies {

    /** The most that a browser carries; older ones were given up. */
    static final int MOST = 8;

    private static final int STATE_CHARACTERS = 12;

    private final Cookies cookies;
    private final Seal seal;
    private final String prefix;
    private final Clock clock;

    LoginCookies(Cookies cookies, Seal seal, String sessionCookie, Clock clock) {
        this.cookies = cookies;
        this.seal = seal;
        this.prefix = sessionCookie + "-login-";
        this.clock = clock;
    }

    /** Whether a cookie of that name is one of these. */
    boolean owns(String cookie) {
        return cookie.startsWith(prefix);
    }

    /** The login that an answer of that state belongs to; null where this browser has not begun it, or too long ago. */
    @Nullable
    PendingLogin read(Map<String, String> carried, String state) {
        String sealed = carried.get(name(state));
        PendingLogin login = sealed == null ? null : open(sealed);
        return login == null || !login.state().equals(state) || login.isOver(clock.instant()) ? null : login;
    }

    /** The fields that give a browser this login beside those that it has begun before. */
    List<String> write(PendingLogin login, Map<String, String> carried) {
        record Older(String cookie, PendingLogin login) {}
        List<Older> older = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        carried.forEach((cookie, value) -> {
            if (owns(cookie)) {
                PendingLogin one = open(value);
                if (one == null || one.isOver(clock.instant())) {
                    fields.add(cookies.expire(cookie));
                } else {
                    older.add(new Older(cookie, one));
                }
            }
        });
        older.sort(Comparator.comparing(one -> one.login().begun()));
        older.stream()
                .limit(Math.max(0, older.size() - MOST + 1))
                .forEach(one -> fields.add(cookies.expire(one.cookie())));
        fields.add(cookies.set(name(login.state()), seal.close(login.toJson()), PendingLogin.PATIENCE));
        return fields;
    }

    /** The field that takes away the login of that state. */
    String clear(String state) {
        return cookies.expire(name(state));
    }

    private @Nullable PendingLogin open(String sealed) {
        String json = seal.open(sealed);
        return json == null ? null : PendingLogin.parse(json);
    }

    private String name(String state) {
        return prefix + state.substring(0, Math.min(STATE_CHARACTERS, state.length()));
    }
}
