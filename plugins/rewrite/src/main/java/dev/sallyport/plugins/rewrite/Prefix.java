package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a path, and what takes its place.
 *
 * @param from whole segments, encoded as they go over the wire; a slash at its end says nothing
 * @param to what takes its place
 */
public record Prefix(
        @Doc("The beginning to replace, in whole segments: /api takes /api and /api/x, not /apix.") @Shorthand
        String from,

        @Doc("What takes its place; {id} is a path parameter of the route.") @Default("/")
        PathTemplate to) {

    /** Leaves the slash at the end away. */
    public Prefix {
        while (from.endsWith("/")) {
            from = from.substring(0, from.length() - 1);
        }
    }

    boolean isPath() {
        return from.isEmpty() || (from.startsWith("/") && NormalPath.isNormal(from));
    }

    /** What stands after the beginning: empty, or from a slash on; null where the path does not begin so. */
    @Nullable
    String rest(String path) {
        if (!path.startsWith(from) || (path.length() > from.length() && path.charAt(from.length()) != '/')) {
            return null;
        }
        return path.substring(from.length());
    }

    static String join(String beginning, String rest) {
        return rest.startsWith("/") && beginning.endsWith("/") ? beginning + rest.substring(1) : beginning + rest;
    }
}
