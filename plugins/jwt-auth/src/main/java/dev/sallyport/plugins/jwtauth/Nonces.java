package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.util.Base64URL;
import dev.sallyport.api.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What proofs must hold so that none can be made beforehand (RFC 9449 §9). Nothing is kept: a nonce is computed from the
 * time and a secret, so all gateways that share it know each other's. Thread-safe.
 */
final class Nonces {

    private final byte[] key;
    private final long span;
    private final Clock clock;

    /** @param span after which another one is given out; each is taken for twice as long */
    Nonces(Secret key, Duration span, Clock clock) {
        this.key = key.value().getBytes(StandardCharsets.UTF_8);
        this.span = span.toMillis();
        this.clock = clock;
    }

    /** The one to use now. */
    String current() {
        return of(clock.millis() / span);
    }

    /** Whether it is one that was given out not long ago. */
    boolean isValid(@Nullable Object nonce) {
        long slot = clock.millis() / span;
        return nonce instanceof String text && (isSame(text, of(slot)) || isSame(text, of(slot - 1)));
    }

    private static boolean isSame(String told, String expected) {
        return MessageDigest.isEqual(told.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private String of(long slot) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64URL.encode(mac.doFinal(
                            ByteBuffer.allocate(Long.BYTES).putLong(slot).array()))
                    .toString();
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
