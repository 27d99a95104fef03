package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record KeyAuthConfig(
        @Doc("Where the key may stand: {header: NAME}, {query: NAME} or {cookie: NAME}, or a list of these.")
        @Default("[{header: x-api-key}]")
        @Shorthand
        @Min(1)
        List<KeyLocation> in,

        @Doc("Passes the key on to the upstream; otherwise it is taken out of the request.")
        boolean forward,

        @Doc("The request header that tells the upstream the consumer's name; none for no such header.")
        @Default("x-consumer-name")
        String consumerHeader,

        @Doc("The consumer whose requests without a key are; they are refused where it is not given.") @Nullable
        String anonymous) {

    public KeyAuthConfig {
        in = List.copyOf(in);
        Set<KeyLocation> places = new HashSet<>();
        for (KeyLocation place : in) {
            if (place.name().isBlank() || (place instanceof KeyLocation.Header && !isFieldName(place.name()))) {
                throw new ConfigException(
                        "in", "'" + place.name() + "' (expected: the name of a " + place.kind() + ")");
            }
            if (!places.add(place.canonical())) {
                throw new ConfigException("in", place.kind() + " " + place.name() + " (expected: each place once)");
            }
            if (place instanceof KeyLocation.Header && place.name().equalsIgnoreCase(consumerHeader)) {
                throw new ConfigException(
                        "consumerHeader", consumerHeader + " (expected: another header than the one with the key)");
            }
        }
    }

    private static boolean isFieldName(String name) {
        try {
            Headers.of(name, "");
            return true;
        } catch (IllegalArgumentException notAName) {
            return false;
        }
    }

    /** All keys that a request carries, wherever they stand. */
    List<String> keys(Request request) {
        return in.size() == 1
                ? in.getFirst().keys(request)
                : in.stream().flatMap(place -> place.keys(request).stream()).toList();
    }

    /** The request as the upstream gets it. */
    Request stripped(Request request) {
        Request stripped = request;
        if (!forward) {
            for (KeyLocation place : in) {
                stripped = place.without(stripped);
            }
        }
        return stripped;
    }
}
