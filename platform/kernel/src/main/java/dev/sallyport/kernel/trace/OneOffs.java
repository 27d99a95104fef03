package dev.sallyport.kernel.trace;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs values of a header with which one request is recorded, and takes each of them once, for a short time. The key is made
 * anew by each process and never leaves it. Thread-safe.
 */
final class OneOffs {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MOST_OPEN = 1_000;
    private static final int LONGEST = 200;

    private final Clock clock;
    private final byte[] key = new byte[32];
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Instant> open = new HashMap<>();

    /** One that was issued. */
    record Issued(String id, String value, Instant expires) {}

    OneOffs(Clock clock) {
        this.clock = clock;
        random.nextBytes(key);
    }

    /**
     * Issues one.
     *
     * @throws IllegalStateException where too many are open
     */
    synchronized Issued issue(Duration time) {
        forgetOld();
        if (open.size() >= MOST_OPEN) {
            throw new IllegalStateException(
                    MOST_OPEN + " are open already (expected: fewer); use one of them, or wait");
        }
        byte[] bytes = new byte[9];
        random.nextBytes(bytes);
        String id = encoded(bytes);
        Instant expires = clock.instant().plus(time);
        open.put(id, expires);
        String signed = id + "." + expires.getEpochSecond();
        return new Issued(id, signed + "." + encoded(sign(signed)), expires);
    }

    /** Whether any can still be taken. */
    synchronized boolean isAnyOpen() {
        forgetOld();
        return !open.isEmpty();
    }

    private void forgetOld() {
        Instant now = clock.instant();
        open.values().removeIf(expires -> !now.isBefore(expires));
    }

    /** Takes one: its id; null where it was not issued here, was taken before, or came too late. */
    @Nullable
    String redeem(String value) {
        int dot = value.lastIndexOf('.');
        if (dot < 0 || value.length() > LONGEST) {
            return null;
        }
        String signed = value.substring(0, dot);
        byte[] signature = encoded(sign(signed)).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(signature, value.substring(dot + 1).getBytes(StandardCharsets.UTF_8))) {
            return null;
        }
        String id = signed.substring(0, signed.indexOf('.'));
        synchronized (this) {
            Instant expires = open.remove(id);
            return expires != null && clock.instant().isBefore(expires) ? id : null;
        }
    }

    private byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
