package dev.sallyport.plugins.accesslog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host its name or address; of IPv6 without brackets
 * @param port 1 to 65535
 */
public record HostAndPort(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]\\s/]+)):(\\d{1,5})");
    private static final int MOST = 65_535;

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static HostAndPort parse(String text) {
        Matcher form = FORM.matcher(text);
        int port = form.matches() ? Integer.parseInt(form.group(3)) : 0;
        if (port < 1 || port > MOST) {
            throw new IllegalArgumentException(
                    text + " (expected: host and port, such as logs.example.com:601 or [::1]:601)");
        }
        return new HostAndPort(form.group(1) == null ? form.group(2) : form.group(1), port);
    }

    /** The written form. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
