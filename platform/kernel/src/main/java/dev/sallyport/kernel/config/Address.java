package dev.sallyport.kernel.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host and port to listen on: {@code 127.0.0.1:8080}, {@code [::1]:8080}.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535; 0 takes a free one
 */
public record Address(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^\\[\\]:\\s/]+)):(\\d{1,5})");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Address parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(3)) > 65535) {
            throw new IllegalArgumentException(text + " (expected: host:port, such as 127.0.0.1:8080)");
        }
        String host = form.group(1) != null ? form.group(1) : form.group(2);
        return new Address(host, Integer.parseInt(form.group(3)));
    }

    /** Whether both cannot be bound: the same port on the same interface, or on all of them. */
    boolean overlaps(Address other) {
        return port == other.port
                && (host.equalsIgnoreCase(other.host) || isEverywhere(host) || isEverywhere(other.host));
    }

    private static boolean isEverywhere(String host) {
        return host.equals("0.0.0.0") || host.matches("[0:]+");
    }

    /** The written form. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
