package dev.sallyport.kernel.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.shredzone.acme4j.util.KeyPairUtils;

/** Keys for ACME. */
final class AcmeKeys {

    private AcmeKeys() {}

    /** The ACME client asks for Bouncy Castle by name; it stands last, so that all else goes on without it. */
    static synchronized void prepare() {
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new BouncyCastleProvider());
        }
    }

    /** A new one of a certificate. */
    static KeyPair make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new one of an account. Bouncy Castle's, unlike the JDK's, is written to a file with its public half. */
    static KeyPair ofAccount() {
        prepare();
        return KeyPairUtils.createECKeyPair("secp256r1");
    }

    /** A new one for a certificate that the ACME client makes itself, which it signs as with RSA. */
    static KeyPair ofOwnCertificate() {
        prepare();
        return KeyPairUtils.createKeyPair(2048);
    }
}
