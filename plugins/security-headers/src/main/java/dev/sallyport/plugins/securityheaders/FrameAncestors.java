package dev.sallyport.plugins.securityheaders;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may show a page in a frame: {@code none}, {@code self}, origins with spaces between them
 * ({@code self https://*.example.com}), or {@code off} for leaving it open.
 *
 * @param text the written form
 */
public record FrameAncestors(String text) {

    private static final Pattern SOURCE =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://(\\*\\.)?[A-Za-z0-9._-]+(:([0-9]{1,5}|\\*))?");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static FrameAncestors parse(String text) {
        for (String source : text.split(" ", -1)) {
            boolean alone = source.equals("none") || source.equals("off");
            if (alone
                    ? !text.equals(source)
                    : !source.equals("self") && !SOURCE.matcher(source).matches()) {
                throw new IllegalArgumentException(
                        "'" + text + "' (expected: none, self, origins such as self https://*.example.com, or off)");
            }
        }
        return new FrameAncestors(text);
    }

    boolean isOff() {
        return text.equals("off");
    }

    /** The directive of a Content-Security-Policy (CSP 3 §6.4.2). */
    String directive() {
        StringBuilder directive = new StringBuilder("frame-ancestors");
        for (String source : text.split(" ", -1)) {
            boolean keyword = source.equals("none") || source.equals("self");
            directive.append(keyword ? " '" + source + "'" : " " + source);
        }
        return directive.toString();
    }

    /** The value of X-Frame-Options, for browsers that know no CSP; null where it has none for this. */
    @Nullable
    String frameOptions() {
        return switch (text) {
            case "none" -> "DENY";
            case "self" -> "SAMEORIGIN";
            default -> null;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
