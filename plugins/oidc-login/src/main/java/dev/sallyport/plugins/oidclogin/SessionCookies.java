package dev.sallyport.plugins.oidclogin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in the browser: encrypted, in one cookie or, where that is too long for browsers, in several of them
 * ({@code name.0}, {@code name.1}, …). Thread-safe.
 */
final class SessionCookies implements KeptSessions {

    /** Browsers keep 4096 bytes of name, value and attributes together. */
    static final int LONGEST = 3_800;

    /** More would come near the limits of the heads of requests. */
    static final int MOST = 5;

    private final Cookies cookies;
    private final Seal seal;
    private final String name;
    private final Duration lifetime;

    /** @param lifetime how long browsers keep it */
    SessionCookies(Cookies cookies, Seal seal, String name, Duration lifetime) {
        this.cookies = cookies;
        this.seal = seal;
        this.name = name;
        this.lifetime = lifetime;
    }

    @Override
    public boolean owns(String cookie) {
        if (!cookie.startsWith(name)) {
            return false;
        }
        String rest = cookie.substring(name.length());
        return rest.isEmpty() || (rest.length() == 2 && rest.charAt(0) == '.' && Character.isDigit(rest.charAt(1)));
    }

    @Override
    public @Nullable Session read(Map<String, String> carried) {
        String sealed = carried.get(name);
        if (sealed == null) {
            StringBuilder parts = new StringBuilder();
            for (int i = 0; i < MOST; i++) {
                String part = carried.get(name + "." + i);
                if (part == null) {
                    break;
                }
                parts.append(part);
            }
            sealed = parts.toString();
        }
        String json = sealed.isEmpty() ? null : seal.open(sealed);
        return json == null ? null : Session.parse(json);
    }

    /** @throws IllegalStateException where it is too large */
    @Override
    public List<String> begin(Session session, Map<String, String> carried) {
        return update(session, carried);
    }

    /** @throws IllegalStateException where it is too large */
    @Override
    public List<String> update(Session session, Map<String, String> carried) {
        String sealed = seal.close(session.toJson());
        int parts = (sealed.length() + LONGEST - 1) / LONGEST;
        if (parts > MOST) {
            throw new IllegalStateException("a session of " + sealed.length() + " characters (expected: at most "
                    + MOST * LONGEST + "; ask for fewer scopes, or let the provider put less into its tokens)");
        }
        List<String> fields = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            String part = parts == 1 ? name : name + "." + i;
            written.add(part);
            fields.add(cookies.set(
                    part, sealed.substring(i * LONGEST, Math.min(sealed.length(), (i + 1) * LONGEST)), lifetime));
        }
        carried.keySet().stream()
                .filter(cookie -> owns(cookie) && !written.contains(cookie))
                .map(cookies::expire)
                .forEach(fields::add);
        return fields;
    }

    @Override
    public List<String> clear(Map<String, String> carried) {
        return carried.keySet().stream().filter(this::owns).map(cookies::expire).toList();
    }
}
