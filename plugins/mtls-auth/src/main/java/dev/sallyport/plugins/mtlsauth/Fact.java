package dev.sallyport.plugins.mtlsauth;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** What a header may tell the upstream of a certificate. */
public enum Fact {
    SUBJECT,
    ISSUER,
    SERIAL,
    FINGERPRINT,
    URI,
    DNS,
    EMAIL,
    CERTIFICATE;

    /** Lists with commas; empty where the certificate does not have it. */
    String of(X509Certificate certificate, Identity identity) {
        return switch (this) {
            case SUBJECT -> identity.subject().getName();
            case ISSUER -> identity.issuer().getName();
            case SERIAL -> certificate.getSerialNumber().toString(16);
            case FINGERPRINT -> identity.fingerprint();
            case URI -> String.join(",", identity.uris());
            case DNS -> String.join(",", identity.dnsNames());
            case EMAIL -> String.join(",", identity.emails());
            case CERTIFICATE -> encoded(certificate);
        };
    }

    /** RFC 9440 §2.1: the DER as a byte sequence of structured fields. */
    private static String encoded(X509Certificate certificate) {
        try {
            return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was verified has an encoding", e);
        }
    }
}
