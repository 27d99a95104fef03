package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what goes into cookies so that whoever holds them can neither read nor change it (AES-256-GCM with a random
 * nonce). Thread-safe.
 *
 * <p>What was sealed for one purpose, provider and client does not open for another: a cookie cannot be put in the place of
 * another one.
 */
final class Seal {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final List<SecretKey> keys;
    private final byte[] context;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param keys the first encrypts, all decrypt
     * @param purpose what the sealed is for
     */
    Seal(List<Secret> keys, String purpose, String issuer, String clientId) {
        this.keys = keys.stream()
                .<SecretKey>map(key -> new SecretKeySpec(bytes(key), "AES"))
                .toList();
        this.context = String.join("\n", purpose, issuer, clientId).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it can be a key. */
    static boolean isKey(Secret key) {
        try {
            return bytes(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static byte[] bytes(Secret key) {
        String text = key.value().strip().replace('-', '+').replace('_', '/');
        return Base64.getDecoder().decode(text);
    }

    /** The text, sealed; of characters that may stand in a cookie. */
    String close(String text) {
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), nonce);
            byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /** What was sealed; null where it was not sealed so, with one of the keys. */
    @Nullable
    String open(String sealed) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        if (bytes.length < NONCE_BYTES + TAG_BITS / 8) {
            return null;
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(bytes, 0, nonce, 0, NONCE_BYTES);
        for (SecretKey key : keys) {
            try {
                Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
                return new String(
                        cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES), StandardCharsets.UTF_8);
            } catch (AEADBadTagException notThisKey) {
                // The next one may be older.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has AES-GCM", e);
            }
        }
        return null;
    }

    private Cipher cipher(int mode, SecretKey key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }
}
