package dev.sallyport.marketplace;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** A publisher's public key for Ed25519. Two are equal where their bytes are. Immutable. */
public final class PublisherKey {

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private final PublicKey key;
    private final String text;
    private final String id;

    PublisherKey(PublicKey key) {
        this.key = key;
        this.text = Base64.getEncoder().encodeToString(key.getEncoded());
        this.id = HexFormat.of().formatHex(sha256(key.getEncoded()));
    }

    /**
     * Reads a key: its SubjectPublicKeyInfo in base64, or the same as a PEM block.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static PublisherKey parse(String text) {
        String bare = text.strip();
        if (bare.startsWith(BEGIN) && bare.endsWith(END)) {
            bare = bare.substring(BEGIN.length(), bare.length() - END.length());
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(bare.replaceAll("\\s", ""));
            return new PublisherKey(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(bytes)));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    text + " (expected: an Ed25519 public key, in base64 or PEM); paste the line that"
                            + " `sallyport market keygen` printed",
                    e);
        }
    }

    /** The SHA-256 of its SubjectPublicKeyInfo, in lower-case hex: how envelopes hint at it. */
    public String id() {
        return id;
    }

    boolean verifies(byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            // Of another length, or no point of the curve.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublisherKey that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The base64 that {@link #parse} reads. */
    @Override
    public String toString() {
        return text;
    }
}
