package dev.sallyport.plugins.console;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A link from a request to where more is known of it.
 *
 * @param url with names in braces for what is put there
 */
public record LinkConfig(
        @Doc("What it leads to, as the page calls it: Kibana.")
        String name,

        @Doc("Where it leads: http or https, with {id}, {trace}, {route}, {consumer}, {time}, {from}, {to},"
                + " {fromMillis} and {toMillis} for the request's; not in the host.")
        String url) {

    /** What a URL may have put into it. The page knows the same names. */
    static final List<String> NAMES =
            List.of("id", "trace", "route", "consumer", "time", "from", "to", "fromMillis", "toMillis");

    private static final int LONGEST = 4000;
    private static final int LONGEST_NAME = 40;
    private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern FIXED_HOST =
            Pattern.compile("https?://[^/?#{}@\\s]+(?:[/?#].*)?", Pattern.CASE_INSENSITIVE);

    /** @throws ConfigException where the URL leads nowhere that a page may lead to */
    public LinkConfig {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new ConfigException("name", name + " (expected: 1 to " + LONGEST_NAME + " characters)");
        }
        if (url.length() > LONGEST) {
            throw new ConfigException("url", url.length() + " characters (expected: at most " + LONGEST + ")");
        }
        Matcher each = BRACES.matcher(url);
        while (each.find()) {
            if (!NAMES.contains(each.group(1))) {
                throw new ConfigException("url", each.group() + " (expected: {" + String.join("}, {", NAMES) + "})");
            }
        }
        String filled = BRACES.matcher(url).replaceAll("x");
        if (!FIXED_HOST.matcher(url).matches() || !isUri(filled)) {
            throw new ConfigException(
                    "url",
                    url + " (expected: http:// or https://, a host without user and braces, and what a URL may have;"
                            + " write others as %22 for a quotation mark)");
        }
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    Map<String, Object> json() {
        return Map.of("name", name, "url", url);
    }
}
