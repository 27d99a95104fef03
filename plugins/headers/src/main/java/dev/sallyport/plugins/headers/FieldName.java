package dev.sallyport.plugins.headers;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import java.util.Locale;
import java.util.Set;

/** Which names a step may touch. */
final class FieldName {

    /**
     * What frames a message or concerns one connection only (RFC 9110 §7.6.1 and §10.1.1, RFC 9112 §6): the gateway
     * writes it, and a step that could would make two ends disagree about where a message ends.
     */
    private static final Set<String> THE_GATEWAYS = Set.of(
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private FieldName() {}

    static boolean isTheGateways(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return THE_GATEWAYS.contains(lower) || lower.equals("host");
    }

    static void check(String key, String name) {
        try {
            Headers.of(name, "");
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key, String.valueOf(e.getMessage()));
        }
        if (name.equalsIgnoreCase("host")) {
            throw new ConfigException(key, name + " (expected: another header); use the step rewrite with host");
        }
        if (isTheGateways(name)) {
            throw new ConfigException(key, name + " (expected: another header); the gateway writes this one itself");
        }
    }
}
