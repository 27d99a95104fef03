package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/** Checks Ed25519 signatures (RFC 8032) with the JDK's own code; the library's would need another library. */
final class Ed25519Verifier extends EdDSAProvider implements JWSVerifier {

    private static final int KEY_BYTES = 32;

    private final PublicKey key;

    Ed25519Verifier(OctetKeyPair jwk) throws GeneralSecurityException {
        byte[] bytes = jwk.getDecodedX();
        if (bytes.length != KEY_BYTES) {
            throw new GeneralSecurityException("x: " + bytes.length + " bytes (expected: " + KEY_BYTES + ")");
        }
        // RFC 8032 §5.1.2: y in little-endian order, and in the highest bit whether x is odd.
        boolean odd = bytes[KEY_BYTES - 1] < 0;
        byte[] y = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            y[i] = bytes[KEY_BYTES - 1 - i];
        }
        y[0] &= 0x7f;
        EdECPoint point = new EdECPoint(odd, new BigInteger(1, y));
        this.key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature.decode());
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new JOSEException("Ed25519: " + e.getMessage(), e);
        }
    }
}
