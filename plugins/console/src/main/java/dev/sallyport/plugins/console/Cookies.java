package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Call;
import org.jspecify.annotations.Nullable;

/**
 * The console's cookie: for the paths of sessions alone, so that no other request of the page carries it, and for no script.
 * It holds either a session, or a login that is under way at the provider.
 */
final class Cookies {

    private static final String NAME = "sallyport-console";

    private Cookies() {}

    private static String name(Call call) {
        return (call.secure() ? "__Secure-" : "") + NAME;
    }

    /** What the browser has kept; null for nothing. */
    static @Nullable String read(Call call) {
        String header = call.header("cookie");
        if (header == null) {
            return null;
        }
        String start = name(call) + "=";
        for (String pair : header.split(";", -1)) {
            String cookie = pair.strip();
            if (cookie.startsWith(start)) {
                return cookie.substring(start.length());
            }
        }
        return null;
    }

    /** One for a session. */
    static String session(Call call, String value) {
        return write(call, value, "Strict");
    }

    /** One for a login: it must come along when the provider sends the browser back, which another site does. */
    static String login(Call call, String value, long seconds) {
        return write(call, value, "Lax") + "; Max-Age=" + seconds;
    }

    static String none(Call call) {
        return write(call, "", "Strict") + "; Max-Age=0";
    }

    private static String write(Call call, String value, String sameSite) {
        return name(call) + "=" + value + "; Path=" + call.base() + "/session; HttpOnly; SameSite=" + sameSite
                + (call.secure() ? "; Secure" : "");
    }
}
