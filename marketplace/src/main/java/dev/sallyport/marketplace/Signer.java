package dev.sallyport.marketplace;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A publisher's private key for Ed25519, which signs. Immutable; its text form is never in {@link #toString}. */
public final class Signer {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final PrivateKey key;
    private final PublisherKey publicKey;

    private Signer(PrivateKey key, PublisherKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /** Makes a new key. */
    public static Signer generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new Signer(pair.getPrivate(), new PublisherKey(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /**
     * Reads a PKCS#8 PEM block, as {@link #toPem} or {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @throws MalformedException where it is none; the message has nothing of the text
     */
    public static Signer parse(String pem) throws MalformedException {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new MalformedException("is no private key (expected: a PEM block that begins with " + BEGIN
                    + "); make one with `sallyport market keygen`");
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(bytes));
            return new Signer(key, publicKey(key));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new MalformedException("is no private key for Ed25519; make one with `sallyport market keygen`");
        }
    }

    /** The public key: PKCS#8 does not carry it, and the JDK derives it only where it makes a pair from random bytes. */
    private static PublisherKey publicKey(PrivateKey key) throws GeneralSecurityException {
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow(() -> new GeneralSecurityException("no seed"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Known(seed));
        KeyPair pair = generator.generateKeyPair();
        if (!Arrays.equals(pair.getPrivate().getEncoded(), key.getEncoded())) {
            throw new IllegalStateException("this JDK does not make Ed25519 keys from 32 random bytes");
        }
        return new PublisherKey(pair.getPublic());
    }

    /** Random bytes that are known. */
    private static final class Known extends SecureRandom {

        private final transient byte[] bytes;

        Known(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] filled) {
            System.arraycopy(bytes, 0, filled, 0, filled.length);
        }
    }

    /** The key as a PKCS#8 PEM block: a secret. */
    public String toPem() {
        return BEGIN + "\n" + Base64.getEncoder().encodeToString(key.getEncoded()) + "\n" + END + "\n";
    }

    /** What others verify its signatures with. */
    public PublisherKey publicKey() {
        return publicKey;
    }

    /** Signs a statement. */
    public Envelope sign(Statement statement) {
        Envelope unsigned = new Envelope(Statement.PAYLOAD_TYPE, statement.toJson(), List.of());
        return unsigned.withSignatures(List.of(signed(unsigned)));
    }

    /**
     * Adds this key's signature to an envelope, where it is over the same statement; for publishers with a threshold.
     *
     * @param envelope made by others; their signatures are kept as they are
     * @return an envelope with this signature alone, where the other is over anything else
     */
    public Envelope sign(Statement statement, Envelope envelope) {
        Envelope own = sign(statement);
        if (!Arrays.equals(own.signedBytes(), envelope.signedBytes())) {
            return own;
        }
        List<Envelope.Signed> all = new ArrayList<>(envelope.signatures());
        all.removeIf(each -> publicKey.verifies(own.signedBytes(), each.bytes()));
        all.addAll(own.signatures());
        return own.withSignatures(all);
    }

    /** Adds this key's signature to those that an envelope has, whatever it says: look at that before. */
    public Envelope countersign(Envelope envelope) {
        List<Envelope.Signed> all = new ArrayList<>(envelope.signatures());
        all.removeIf(each -> publicKey.verifies(envelope.signedBytes(), each.bytes()));
        all.add(signed(envelope));
        return envelope.withSignatures(all);
    }

    Envelope.Signed signed(Envelope envelope) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(envelope.signedBytes());
            return new Envelope.Signed(publicKey.id(), signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return "signer with the key " + publicKey.id();
    }
}
