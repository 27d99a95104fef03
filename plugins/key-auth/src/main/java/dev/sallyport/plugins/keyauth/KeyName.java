package dev.sallyport.plugins.keyauth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a key of the form {@code sp_<id>_<random>} says of itself; {@code sallyport consumers add} makes such keys. It is no
 * part of the check, which knows hashes only: it lets people see which key is still sent after it was withdrawn, and lets
 * scanners for secrets tell a leaked key from other text.
 */
final class KeyName {

    private static final Pattern FORM = Pattern.compile("sp_([A-Za-z0-9.-]{1,32})_[A-Za-z0-9_-]{32,128}");

    private KeyName() {}

    /** The id in it; null where the key has another form. */
    static @Nullable String idIn(String key) {
        Matcher form = FORM.matcher(key);
        return form.matches() ? form.group(1) : null;
    }
}
