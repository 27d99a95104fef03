package dev.sallyport.plugins.messagepolicy;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page may come from: a whole origin, or every name below one.
 *
 * @param scheme in lower case
 * @param below whether names below the host are meant
 * @param host in lower case
 * @param port as it is written, with its colon; empty for the scheme's own
 */
public record Origin(String scheme, boolean below, String host, String port) {

    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9+.-]*)://(\\*\\.)?(\\[[0-9a-f:.]+]|[0-9a-z._-]+)(:\\d{1,5})?");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static Origin parse(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    text + " (expected: https://shop.example.com or https://*.example.com, without a path)");
        }
        return new Origin(form.group(1), form.group(2) != null, form.group(3), port(form));
    }

    /** Whether the value of an {@code Origin} field is that. */
    boolean holds(String field) {
        Matcher form = FORM.matcher(field.toLowerCase(Locale.ROOT));
        if (!form.matches() || form.group(2) != null) {
            return false;
        }
        String from = form.group(3);
        return form.group(1).equals(scheme)
                && port(form).equals(port)
                && (below ? from.endsWith("." + host) : from.equals(host));
    }

    private static String port(Matcher form) {
        @Nullable String written = form.group(4);
        boolean usual = written == null
                || (form.group(1).equals("https") && written.equals(":443"))
                || (form.group(1).equals("http") && written.equals(":80"));
        return usual ? "" : written;
    }

    @Override
    public String toString() {
        return scheme + "://" + (below ? "*." : "") + host + port;
    }
}
