package dev.sallyport.kernel.config;

import inet.ipaddr.HostName;
import inet.ipaddr.IPAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where to listen: host and port ({@code 127.0.0.1:8080}, {@code [::1]:8080}), or a Unix socket
 * ({@code unix:/run/sallyport.sock}).
 *
 * @param host a name or an address, without brackets; empty for a Unix socket
 * @param port 0 to 65535; 0 takes a free one
 * @param socket the absolute path of a Unix socket; null for host and port
 */
public record Address(String host, int port, @Nullable Path socket) {

    private static final String UNIX = "unix:";

    /** What the operating system allows, less what is added while a socket is made. */
    private static final int LONGEST_SOCKET = 100;

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^\\[\\]:\\s/*]+)):(\\d{1,5})");

    /** Host and port. */
    public Address(String host, int port) {
        this(host, port, null);
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Address parse(String text) {
        if (text.startsWith(UNIX)) {
            return new Address("", 0, socket(text));
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(3)) > 65535) {
            throw new IllegalArgumentException(
                    text + " (expected: host:port, such as 127.0.0.1:8080); " + mend(text, form.matches()));
        }
        String host = form.group(1) != null ? form.group(1) : form.group(2);
        return new Address(host, Integer.parseInt(form.group(3)));
    }

    private static String mend(String text, boolean largePort) {
        if (largePort) {
            return "write a port up to 65535";
        }
        if (text.contains("://")) {
            return "leave out what stands before the host";
        }
        if (text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[")) {
            return "put the address in brackets, as in [::1]:8080";
        }
        if (text.startsWith("*") || text.startsWith(":")) {
            return "write 0.0.0.0 for every address of this machine";
        }
        if (text.indexOf(':') >= 0) {
            return "write a port from 0 to 65535 behind the colon";
        }
        return text.matches("\\d+") ? "write an address before the port" : "add a colon and a port";
    }

    private static Path socket(String text) {
        try {
            Path path = Path.of(text.substring(UNIX.length()));
            if (!path.isAbsolute() || path.getFileName() == null) {
                throw new IllegalArgumentException(
                        text + " (expected: unix: and an absolute path, such as unix:/run/sallyport.sock);"
                                + " write the whole path");
            }
            if (path.toString().length() > LONGEST_SOCKET) {
                throw new IllegalArgumentException(text + " (expected: a path of at most " + LONGEST_SOCKET
                        + " characters); choose a shorter one");
            }
            return path.normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text + " (expected: unix: and an absolute path); mend it", e);
        }
    }

    /**
     * Whether not both can be bound: the same port on the same interface, or on all of them; or the same socket. {@code
     * 0.0.0.0} takes it also for IPv6, as Java binds it. No name is looked up but that of this machine itself.
     */
    public boolean overlaps(Address other) {
        if (socket != null || other.socket != null) {
            return socket != null && socket.equals(other.socket);
        }
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
        if (socket != null) {
            return UNIX + socket;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
