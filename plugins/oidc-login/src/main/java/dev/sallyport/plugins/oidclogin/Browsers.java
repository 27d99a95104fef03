package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Request;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request tells of the browser that sent it. */
final class Browsers {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\-_]+(:\\d{1,5})?|\\[[0-9A-Fa-f:.]+](:\\d{1,5})?");

    private Browsers() {}

    /**
     * Whether a person waits for a page, who can be sent to the login: otherwise a script would follow the redirect and get a
     * page that it cannot use.
     */
    static boolean isNavigation(Request request) {
        if (!(request.method().equals("GET") || request.method().equals("HEAD")) || request.upgrade() != null) {
            return false;
        }
        String mode = request.header("sec-fetch-mode");
        if (mode != null) {
            return mode.equals("navigate");
        }
        if ("XMLHttpRequest".equalsIgnoreCase(request.header("x-requested-with"))) {
            return false;
        }
        return request.headers().get("accept", "").toLowerCase(Locale.ROOT).contains("text/html");
    }

    /** Whether a page of another site has brought the browser here; old browsers do not say. */
    static boolean isFromAnotherSite(Request request) {
        return "cross-site".equals(request.header("sec-fetch-site"));
    }

    /** Scheme and host as the browser sees them; null where the request names no host. */
    static @Nullable String origin(Request request, @Nullable URI configured) {
        if (configured != null) {
            return configured.toString();
        }
        String host = request.headers().get("host", "");
        return HOST.matcher(host).matches() ? request.exchange().scheme() + "://" + host : null;
    }
}
