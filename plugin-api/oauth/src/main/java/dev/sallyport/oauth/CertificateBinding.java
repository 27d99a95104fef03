package dev.sallyport.oauth;

import dev.sallyport.api.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;

/** Tokens that are bound to the certificate of their client (RFC 8705 §3). */
public final class CertificateBinding {

    /** The member of {@code cnf} with the SHA-256 of the certificate. */
    public static final String MEMBER = "x5t#S256";

    private CertificateBinding() {}

    /**
     * Whether the token of those claims may come on that connection: it is bound to no certificate, or to the one by which
     * the client has shown who it is there. The time that it takes does not depend on how much of the hash is right.
     */
    public static boolean holds(Map<String, Object> claims, Exchange exchange) {
        if (!(claims.get("cnf") instanceof Map<?, ?> bound) || !bound.containsKey(MEMBER)) {
            return true;
        }
        Exchange.Tls tls = exchange.tls();
        if (tls == null || tls.clientCertificates().isEmpty() || !(bound.get(MEMBER) instanceof String hash)) {
            return false;
        }
        try {
            byte[] shown = MessageDigest.getInstance("SHA-256")
                    .digest(tls.clientCertificates().getFirst().getEncoded());
            return MessageDigest.isEqual(
                    Base64.getUrlEncoder().withoutPadding().encode(shown), hash.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256, and a certificate that TLS took an encoding", e);
        }
    }
}
