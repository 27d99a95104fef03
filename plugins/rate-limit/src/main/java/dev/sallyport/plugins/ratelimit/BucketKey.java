package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The key of what a request counts in. Keys of different steps and of different values never meet, and none is much longer
 * than the step's own.
 *
 * @param step the key of the step's state
 * @param by what each count is for; none for one count
 */
record BucketKey(String step, List<Expression> by) {

    /** Longer values are hashed: a caller must not choose how much memory a key takes. */
    private static final int LONGEST = 64;

    private static final int BYTES_OF_A_SITE = 8;
    private static final String CLIENT_ADDRESS = "client.address";

    /** @param tier the caller's; null where it has none */
    String of(Request request, @Nullable String tier) {
        if (by.isEmpty() && tier == null) {
            return step;
        }
        // No step's key, tier or part has a line break in it, so what follows one is the next part alone.
        StringBuilder key = new StringBuilder(step.length() + 48).append(step);
        if (tier != null) {
            key.append("\n*").append(tier);
        }
        for (int i = 0; i < by.size(); i++) {
            String value = value(by.get(i), request);
            if (value == null) {
                key.append("\n-");
            } else if (value.length() <= LONGEST && value.indexOf('\n') < 0) {
                key.append("\n=").append(value);
            } else {
                key.append("\n#").append(digest(value));
            }
        }
        return key.toString();
    }

    /** Whose count it is, for people. */
    String told(Request request) {
        return by.isEmpty()
                ? "all callers together"
                : by.stream()
                        .map(expression -> {
                            String value = value(expression, request);
                            return value == null ? "those without " + expression : expression + " " + value;
                        })
                        .collect(Collectors.joining(", "));
    }

    private static @Nullable String value(Expression by, Request request) {
        String value = by.value(request);
        // An IPv6 client commonly has a /64 for itself (RFC 6177), so 2^64 addresses to choose from.
        return value != null
                        && request.exchange().client() instanceof Inet6Address address
                        && by.names().contains(CLIENT_ADDRESS)
                        && value.equals(address.getHostAddress())
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), BYTES_OF_A_SITE)) + "/64"
                : value;
    }

    private static String digest(String value) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
