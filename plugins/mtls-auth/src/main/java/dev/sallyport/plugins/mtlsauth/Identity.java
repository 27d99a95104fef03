package dev.sallyport.plugins.mtlsauth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/**
 * What a certificate says of whose it is.
 *
 * @param uris its URIs; of those of SPIFFE, none where it has several URIs
 * @param dnsNames in lower case
 * @param fingerprint {@code sha256:} and digits
 */
record Identity(
        X500Principal subject,
        X500Principal issuer,
        List<String> uris,
        List<String> dnsNames,
        List<String> emails,
        String fingerprint) {

    /** General names of RFC 5280 §4.2.1.6, by their tags. */
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;

    /** Reads a certificate; one whose names cannot be read has none. */
    static Identity of(X509Certificate certificate) {
        List<String> uris = new ArrayList<>();
        List<String> dnsNames = new ArrayList<>();
        List<String> emails = new ArrayList<>();
        for (List<?> name : names(certificate)) {
            if (name.get(0) instanceof Integer tag && name.get(1) instanceof String text) {
                switch (tag) {
                    case EMAIL -> emails.add(text);
                    case DNS -> dnsNames.add(text.toLowerCase(Locale.ROOT));
                    case URI -> uris.add(text);
                    default -> {
                        // addresses and directory names say nothing here
                    }
                }
            }
        }
        // X.509-SVID §2: exactly one URI, or it is no SPIFFE id: else whoever may have further names could add one.
        if (uris.size() > 1) {
            uris.removeIf(uri -> uri.regionMatches(true, 0, "spiffe:", 0, 7));
        }
        return new Identity(
                certificate.getSubjectX500Principal(),
                certificate.getIssuerX500Principal(),
                List.copyOf(uris),
                List.copyOf(dnsNames),
                List.copyOf(emails),
                fingerprint(certificate));
    }

    private static Collection<List<?>> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was verified has an encoding, and JDKs SHA-256", e);
        }
    }
}
