package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.RequestTarget;
import org.jspecify.annotations.Nullable;

/** Where a browser goes after a login: a path of the same origin, and nowhere else. */
final class ReturnTo {

    /** A longer one does not fit well into a cookie. */
    private static final int LONGEST = 2_000;

    private ReturnTo() {}

    /** That path and query, or the front page where they would lead elsewhere. */
    static String safe(@Nullable String target) {
        return target != null && isSafe(target) ? target : "/";
    }

    /**
     * Whether it is a path, with a query or without. What browsers read as another host's ({@code //host}, {@code /\host})
     * is none, although it is only ever sent with the origin before it.
     */
    static boolean isSafe(String target) {
        if (target.length() > LONGEST
                || !target.startsWith("/")
                || target.startsWith("//")
                || target.indexOf('\\') >= 0) {
            return false;
        }
        try {
            return !RequestTarget.parse(target).path().isEmpty();
        } catch (IllegalArgumentException notATarget) {
            return false;
        }
    }
}
