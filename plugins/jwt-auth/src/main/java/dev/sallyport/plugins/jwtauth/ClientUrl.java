package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Request;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The URL that a client asked for, without query and fragment, in the one form in which URLs that mean the same are the
 * same text (RFC 3986 §6.2.2 and 6.2.3).
 */
final class ClientUrl {

    private ClientUrl() {}

    /** That of a request, as the client wrote it towards the first proxy that is trusted. */
    static String of(Request request) {
        String host = request.header("x-forwarded-host"); // set by the gateway, never taken from just anyone
        String authority = host == null ? request.headers().get("host", "") : host;
        return normal(request.exchange().scheme(), authority, request.path());
    }

    /** That which a text says; null where it is no http or https URL. */
    static @Nullable String parse(String text) {
        try {
            URI uri = URI.create(text);
            return isHttp(uri) && uri.getRawUserInfo() == null
                    ? normal(uri.getScheme(), uri.getRawAuthority(), uri.getRawPath())
                    : null;
        } catch (IllegalArgumentException notAUrl) {
            return null;
        }
    }

    private static boolean isHttp(URI uri) {
        return ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
                && uri.getHost() != null;
    }

    private static String normal(String anyScheme, String authority, String path) {
        String scheme = anyScheme.toLowerCase(Locale.ROOT);
        String host = authority.toLowerCase(Locale.ROOT);
        String defaultPort = scheme.equals("https") ? ":443" : ":80";
        if (host.endsWith(defaultPort)) {
            host = host.substring(0, host.length() - defaultPort.length());
        }
        return scheme + "://" + host + (path.isEmpty() ? "/" : unescaped(path));
    }

    /** Characters that need no escape are written without one, others with capitals. */
    private static String unescaped(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder result = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%' || i + 2 >= path.length()) {
                result.append(c);
                continue;
            }
            String hex = path.substring(i + 1, i + 3).toUpperCase(Locale.ROOT);
            char escaped = (char) Integer.parseInt(hex, 16);
            if (isUnreserved(escaped)) {
                result.append(escaped);
            } else {
                result.append('%').append(hex);
            }
            i += 2;
        }
        return result.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
