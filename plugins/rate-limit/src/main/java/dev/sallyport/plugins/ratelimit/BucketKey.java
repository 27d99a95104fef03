package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The key of the bucket that a request takes from. Keys of different steps and of different values never meet, and none
 * is much longer than the step's own.
 *
 * @param step the key of the step's state
 * @param by what each bucket is for; null for one bucket
 */
record BucketKey(String step, @Nullable Expression by) {

    /** Longer values are hashed: a caller must not choose how much memory a key takes. */
    private static final int LONGEST = 64;

    private static final int BYTES_OF_A_SITE = 8;
    private static final Expression CLIENT_ADDRESS = Expression.parse("client.address");

    String of(Request request) {
        if (by == null) {
            return step;
        }
        String value = value(by, request);
        // No step's key has a line break in it, so what follows one is the value alone.
        if (value == null) {
            return step + "\n-";
        }
        return value.length() <= LONGEST ? step + "\n=" + value : step + "\n#" + digest(value);
    }

    /** Whose bucket it is, for people. */
    String told(Request request) {
        if (by == null) {
            return "all callers together";
        }
        String value = value(by, request);
        return value == null ? "those without " + by : by + " " + value;
    }

    private static @Nullable String value(Expression by, Request request) {
        // An IPv6 client commonly has a /64 for itself (RFC 6177), so 2^64 addresses to choose from.
        return by.equals(CLIENT_ADDRESS) && request.exchange().client() instanceof Inet6Address address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), BYTES_OF_A_SITE)) + "/64"
                : by.value(request);
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
