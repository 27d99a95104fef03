package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Call;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Whether a request that a cookie may stand for comes from the console's own page: a browser says so, and a header that no form can send. */
final class Origins {

    /** What the page sends with every request that its cookie counts for. */
    static final String HEADER = "x-sallyport-console";

    private Origins() {}

    /** Why it is not the page's own; null where it is. */
    static @Nullable String refusal(Call call) {
        String origin = call.header("origin");
        if (origin == null || !sameHost(origin, call.header("host"))) {
            return "Origin: " + origin + " (expected: that of the console itself)";
        }
        String site = call.header("sec-fetch-site");
        if (site != null && !site.equals("same-origin")) {
            return "Sec-Fetch-Site: " + site + " (expected: same-origin)";
        }
        return "1".equals(call.header(HEADER)) ? null : HEADER + " is missing (expected: 1)";
    }

    private static boolean sameHost(String origin, @Nullable String host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }
}
