package dev.sallyport.kernel.cli;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A plugin as commands name it: {@code rate-limit}, {@code rate-limit@1.4.0}.
 *
 * @param version null for none
 */
record PluginId(String id, @Nullable String version) {

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,99})(?:@([0-9A-Za-z.+-]{1,100}))?");

    /** Reads it; null where it is none. */
    static @Nullable PluginId parse(String text) {
        var form = FORM.matcher(text);
        return form.matches() ? new PluginId(form.group(1), form.group(2)) : null;
    }

    /** An id without a version, as it may stand in a URL. */
    static String checked(String id) throws CommandException {
        PluginId read = parse(id);
        if (read == null || read.version() != null) {
            throw new CommandException(id + " (expected: a plugin's id, such as rate-limit)");
        }
        return id;
    }
}
