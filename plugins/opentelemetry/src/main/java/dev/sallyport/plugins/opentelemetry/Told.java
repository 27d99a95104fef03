package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Exchange;
import org.jspecify.annotations.Nullable;

/** What an exchange tells of itself, in the words of the conventions. */
final class Told {

    private Told() {}

    /** What the route matches; few values, whatever clients send. Null where it matches by no path, or none was chosen. */
    static @Nullable String route(Exchange exchange) {
        return exchange.matchedPath();
    }

    /** {@code 1.1} of {@code HTTP/1.1}. */
    static String version(String protocol) {
        return switch (protocol) {
            case "HTTP/1.1" -> "1.1";
            case "HTTP/2", "HTTP/2.0" -> "2";
            case "HTTP/3", "HTTP/3.0" -> "3";
            case "HTTP/1.0" -> "1.0";
            default -> protocol.substring(protocol.indexOf('/') + 1);
        };
    }
}
