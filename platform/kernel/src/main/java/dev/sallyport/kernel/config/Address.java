package dev.sallyport.kernel.config;

import inet.ipaddr.HostName;
import inet.ipaddr.IPAddress;
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

    /**
     * Whether not both can be bound: the same port on the same interface, or on all of them. {@code 0.0.0.0} takes it
     * also for IPv6, as Java binds it. No name is looked up but that of this machine itself.
     */
    public boolean overlaps(Address other) {
        return port != 0
                && port == other.port
                && (interfaceOf(host).equals(interfaceOf(other.host))
                        || isEverywhere(host)
                        || isEverywhere(other.host));
    }

    private static boolean isEverywhere(String host) {
        IPAddress address = new HostName(host).asAddress();
        return address != null && address.isAnyLocal();
    }

    private static String interfaceOf(String host) {
        return host.equalsIgnoreCase("localhost") ? "127.0.0.1" : new HostName(host).toNormalizedString();
    }

    /** The written form. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
