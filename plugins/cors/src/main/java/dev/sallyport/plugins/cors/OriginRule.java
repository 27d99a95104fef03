package dev.sallyport.plugins.cors;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which origins may call, as it is written:
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code https://app.example.com}, {@code http://localhost:3000}</td><td>this one</td></tr>
 * <tr><td>{@code https://*.example.com}</td><td>every name under {@code example.com}, but not that itself</td></tr>
 * <tr><td>{@code http://localhost:*}</td><td>every port</td></tr>
 * <tr><td>{@code null}</td><td>pages without an origin: sandboxed frames, files, some redirects</td></tr>
 * <tr><td>{@code *}</td><td>all</td></tr>
 * </table>
 *
 * <p>Immutable; two are equal where their texts are.
 *
 * @param text the written form, the host in lower case and without the scheme's own port, as browsers send it
 */
public record OriginRule(String text) {

    private static final Pattern FORM = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+.-]*)://(\\*\\.)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:(\\*|[0-9]{1,5}))?");

    /** The labels in the place of a {@code *.}: nothing that could end a host. */
    private static final Pattern LABELS = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

    private static final Pattern PORT = Pattern.compile("(:[0-9]{1,5})?");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static OriginRule parse(String text) {
        if (text.equals("*") || text.equals("null")) {
            return new OriginRule(text);
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    text + " (expected: an origin such as https://app.example.com, https://*.example.com or"
                            + " http://localhost:*, without a path; null; or * for all)");
        }
        String scheme = form.group(1).toLowerCase(Locale.ROOT);
        String port = form.group(5);
        boolean usual = port == null
                || (scheme.equals("https") && port.equals("443"))
                || (scheme.equals("http") && port.equals("80"));
        String labels = form.group(2) == null ? "" : form.group(2);
        return new OriginRule(
                scheme + "://" + labels + form.group(3).toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port));
    }

    boolean isAny() {
        return text.equals("*");
    }

    boolean isNull() {
        return text.equals("null");
    }

    /** Whether it stands for one origin. */
    boolean isExact() {
        return !text.contains("*");
    }

    /** Whether it takes an origin, as a browser sends it. */
    boolean takes(String origin) {
        if (isAny() || text.equals(origin)) {
            return true;
        }
        int labels = text.indexOf("*.");
        boolean anyPort = text.endsWith(":*");
        if (labels < 0 && !anyPort) {
            return false;
        }
        String start = labels < 0 ? text.substring(0, text.length() - 2) : text.substring(0, labels);
        String end = labels < 0 ? "" : text.substring(labels + 1, anyPort ? text.length() - 2 : text.length());
        return takes(origin, start, labels < 0 ? null : end, anyPort);
    }

    /** @param suffix what the host ends with, after labels of any kind; null where the host is a part of {@code start} */
    private static boolean takes(String origin, String start, @Nullable String suffix, boolean anyPort) {
        if (!origin.startsWith(start)) {
            return false;
        }
        String rest = origin.substring(start.length());
        if (anyPort) {
            int colon = rest.lastIndexOf(':');
            String port = colon < 0 ? "" : rest.substring(colon);
            if (!PORT.matcher(port).matches()) {
                return false;
            }
            rest = rest.substring(0, rest.length() - port.length());
        }
        return suffix == null
                ? rest.isEmpty()
                : rest.endsWith(suffix)
                        && LABELS.matcher(rest.substring(0, rest.length() - suffix.length()))
                                .matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
