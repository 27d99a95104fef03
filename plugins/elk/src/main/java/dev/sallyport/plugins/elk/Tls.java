package dev.sallyport.plugins.elk;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** What there is to say of TLS; names in certificates are checked in any case. */
public record Tls(
        @Doc("The certificates of those who may sign the server's, PEM; by default those that the Java runtime trusts.")
        @Nullable
        Path ca,

        @Doc("The gateway's own certificate, with those between it and its root, PEM.") @Nullable
        Path certificate,

        @Doc("The key of that, PKCS #8 in PEM.") @Nullable Path key) {

    private static final char[] NONE = new char[0];

    /** Certificate and key go together. */
    public Tls {
        if ((certificate == null) != (key == null)) {
            throw new ConfigException(
                    certificate == null ? "certificate" : "key",
                    "missing (expected: certificate and key together); add it");
        }
    }

    /**
     * What connections are made with.
     *
     * @param at the key of these settings within the step's
     * @throws ConfigException where a file cannot be used
     */
    SSLContext context(String at) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own(at), trusted(at), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new ConfigException(at, e.getMessage() + " (expected: certificates and keys that Java can use)");
        }
    }

    private TrustManager @Nullable [] trusted(String at) {
        if (ca == null) {
            return null;
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, NONE);
            int i = 0;
            for (Certificate each : certificates(ca)) {
                store.setCertificateEntry("ca-" + i++, each);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException(at + ".ca", ca + " (expected: certificates in PEM; " + e.getMessage() + ")");
        }
    }

    private KeyManager @Nullable [] own(String at) {
        if (certificate == null || key == null) {
            return null;
        }
        try {
            Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, NONE);
            store.setKeyEntry("own", privateKey(key, chain[0].getPublicKey().getAlgorithm()), NONE, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NONE);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new ConfigException(
                    at + ".certificate",
                    certificate + " and " + key + " (expected: a certificate and its key, PKCS #8, in PEM; "
                            + e.getMessage() + ")");
        }
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new GeneralSecurityException("no certificate in it");
            }
            return all;
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1)
                .replaceAll("-----[A-Z ]+-----", "")
                .replaceAll("\\s", "");
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
    }
}
