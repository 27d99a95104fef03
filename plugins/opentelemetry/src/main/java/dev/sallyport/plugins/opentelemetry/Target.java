package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Attempt;
import java.net.URI;

/**
 * Where an attempt goes, as it may be told: where the configuration has it from a secret, the reference to that stands in its
 * place. Immutable.
 *
 * @param url scheme, host and port
 * @param address the host
 */
record Target(String url, String address, int port) {

    static Target of(Attempt attempt) {
        URI target = attempt.target();
        int port = target.getPort() >= 0 ? target.getPort() : "https".equals(target.getScheme()) ? 443 : 80;
        if (attempt.shown().equals(target.toString())) {
            String host = String.valueOf(target.getHost());
            return new Target(
                    attempt.shown(), host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
        }
        return new Target(attempt.shown(), attempt.shown().replaceFirst("^https?://", ""), port);
    }
}
