package dev.sallyport.kernel.routing;

import java.net.IDN;
import java.net.Inet6Address;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which hosts a match takes: one name ({@code api.example.com}), all names below one ({@code *.example.com}, which is
 * {@code a.example.com} and {@code a.b.example.com} but not {@code example.com} itself, as in the Kubernetes Gateway
 * API), or an address ({@code 192.0.2.1}, {@code [2001:db8::1]}). Case, port and a final dot make no difference.
 *
 * @param name the name in normal form; for a wildcard what stands behind the {@code *.}
 * @param wildcard whether it takes all names below that one
 */
public record HostPattern(String name, boolean wildcard) {

    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?" + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static HostPattern parse(String text) {
        if (text.equals("*")) {
            throw bad(text, "leave hosts out to take every host");
        }
        if (isIpv6(text)) {
            return new HostPattern(normal(text.startsWith("[") ? text : "[" + text + "]"), false);
        }
        boolean wildcard = text.startsWith("*.");
        String name = (wildcard ? text.substring(2) : text).toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (!NAME.matcher(name).matches()) {
            throw bad(text, mend(text, name));
        }
        return new HostPattern(name, wildcard);
    }

    /**
     * The normal form of the host that a request names: lower case, without port and final dot, an IPv6 address in
     * brackets and in the form that Java writes.
     *
     * @param host the field {@code Host}, or {@code :authority}
     * @return the same instance where it is in normal form already
     */
    public static String normal(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            String address = end < 0 ? host : host.substring(1, end);
            return isIpv6(address) ? "[" + Inet6Address.ofLiteral(address).getHostAddress() + "]" : host;
        }
        int end = host.indexOf(':');
        end = end < 0 ? host.length() : end;
        if (end > 0 && host.charAt(end - 1) == '.') {
            end--;
        }
        String name = end == host.length() ? host : host.substring(0, end);
        for (int i = 0; i < end; i++) {
            if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }

    /**
     * Whether it takes that host.
     *
     * @param host in normal form
     */
    public boolean matches(String host) {
        return wildcard
                ? host.length() > name.length() + 1
                        && host.endsWith(name)
                        && host.charAt(host.length() - name.length() - 1) == '.'
                : host.equals(name);
    }

    /** The written form. */
    @Override
    public String toString() {
        return wildcard ? "*." + name : name;
    }

    private static boolean isIpv6(String text) {
        String address = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (address.length() > 45 || address.indexOf(':') == address.lastIndexOf(':')) {
            return false;
        }
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c != ':' && c != '.' && (c > 'f' || Character.digit(c, 16) < 0)) {
                return false;
            }
        }
        try {
            Inet6Address.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static String mend(String text, String name) {
        if (text.contains("://") || text.contains("/")) {
            return "write the name alone, and paths under paths";
        }
        int colon = text.indexOf(':');
        if (colon > 0 && colon == text.lastIndexOf(':')) {
            return "leave the port out: write " + text.substring(0, colon);
        }
        if (name.contains("*")) {
            return "* stands for whole labels at the front, once: *.example.com";
        }
        if (name.chars().anyMatch(c -> c >= 0x80)) {
            try {
                return "write its ASCII form, " + IDN.toASCII(name);
            } catch (IllegalArgumentException noAsciiForm) {
                return "write its ASCII form";
            }
        }
        return "use letters, digits, hyphens and dots";
    }

    private static IllegalArgumentException bad(String text, String mend) {
        return new IllegalArgumentException(
                text + " (expected: a host name such as api.example.com or *.example.com); " + mend);
    }
}
