package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Call;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The console's cookies: for the paths of sessions alone, so that no other request of the page carries them, and for no script.
 * One is for a session, another one for a login that is under way at the provider: that begins where any page sends a browser,
 * and must not take the place of a session.
 */
final class Cookies {

    private static final String SESSION = "sallyport-console";
    private static final String LOGIN = SESSION + "-login";

    /** Whether browsers see the console over TLS, whoever ends that. */
    private final boolean secure;

    /** @param oidc says where browsers see it; null where nothing does */
    Cookies(@Nullable OidcConfig oidc) {
        URI origin = oidc == null ? null : oidc.origin();
        secure = origin != null && "https".equalsIgnoreCase(origin.getScheme());
    }

    private boolean isSecure(Call call) {
        return secure || call.secure();
    }

    /** What the browser has kept of a session; null for nothing. */
    @Nullable
    String session(Call call) {
        return read(call, SESSION);
    }

    /** What the browser has kept of a login; null for nothing. */
    @Nullable
    String login(Call call) {
        return read(call, LOGIN);
    }

    private @Nullable String read(Call call, String name) {
        String header = call.header("cookie");
        if (header == null) {
            return null;
        }
        String start = name(call, name) + "=";
        for (String pair : header.split(";", -1)) {
            String cookie = pair.strip();
            if (cookie.startsWith(start)) {
                return cookie.substring(start.length());
            }
        }
        return null;
    }

    /** One for a session. */
    String ofSession(Call call, String value) {
        return write(call, SESSION, value, "/session", "Strict");
    }

    /** None any more. */
    String noSession(Call call) {
        return ofSession(call, "") + "; Max-Age=0";
    }

    /** One for a login: it must come along when the provider sends the browser back, which another site does. */
    String ofLogin(Call call, String value, long seconds) {
        return write(call, LOGIN, value, "/session/oidc", "Lax") + "; Max-Age=" + seconds;
    }

    private String write(Call call, String name, String value, String path, String sameSite) {
        return name(call, name) + "=" + value + "; Path=" + call.base() + path + "; HttpOnly; SameSite=" + sameSite
                + (isSecure(call) ? "; Secure" : "");
    }

    private String name(Call call, String name) {
        return (isSecure(call) ? "__Secure-" : "") + name;
    }
}
