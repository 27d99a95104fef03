package dev.sallyport.kernel.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A certificate with the chain to its issuer, and its key.
 *
 * @param chain the certificate first
 * @param names the host names for which it is made, in lower case
 */
public record Identity(List<X509Certificate> chain, PrivateKey key, List<String> names) {

    private static final int DNS_NAME = 2;

    /** Of a chain and a key that is known to fit. */
    public static Identity of(List<X509Certificate> chain, PrivateKey key) {
        return new Identity(List.copyOf(chain), key, names(chain.getFirst()));
    }

    /** Reads both files, and makes sure that they belong together. */
    public static Identity read(Path certificate, Path key) throws TlsFileException {
        List<X509Certificate> chain = PemFile.read(certificate).certificates();
        PrivateKey own = PemFile.read(key).key();
        if (!fits(own, chain.getFirst().getPublicKey())) {
            throw new TlsFileException(key + " is not the key of the first certificate in " + certificate + " ("
                    + chain.getFirst().getSubjectX500Principal() + "); give the key that belongs to it");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i).getSubjectX500Principal().equals(chain.get(i - 1).getIssuerX500Principal())) {
                throw new TlsFileException(certificate + ": certificate " + (i + 1) + " ("
                        + chain.get(i).getSubjectX500Principal() + ") is not the issuer of the one before it;"
                        + " put the server's own first, then each one's issuer");
            }
        }
        return of(chain, own);
    }

    private static boolean fits(PrivateKey key, PublicKey of) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            byte[] told = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(told);
            byte[] signed = signature.sign();
            signature.initVerify(of);
            signature.update(told);
            return signature.verify(signed);
        } catch (GeneralSecurityException different) {
            return false;
        }
    }

    /** The certificate itself. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Whether it is made for that very name. */
    boolean names(String host) {
        return names.contains(host.toLowerCase(Locale.ROOT));
    }

    /** Whether it is made for that name, also by a wildcard, which stands for one label (RFC 9525 §6.3). */
    public boolean covers(String host) {
        return covers(names, host);
    }

    /** Whether a certificate is made for that name, also by a wildcard. */
    static boolean covers(X509Certificate certificate, String host) {
        return covers(names(certificate), host);
    }

    private static boolean covers(List<String> names, String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
                        names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
                return List.copyOf(names);
            }
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException | InvalidNameException none) {
            // then it can only be the default
        }
        return List.copyOf(names);
    }
}
