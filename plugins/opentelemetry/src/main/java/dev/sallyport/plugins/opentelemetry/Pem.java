package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates and keys in PEM files, as the JDK's TLS takes them. */
final class Pem {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

    private Pem() {}

    /** Trusts what these certificates have signed; null: what the Java runtime trusts. */
    static X509TrustManager trust(@Nullable Path file) {
        try {
            KeyStore trusted = null;
            if (file != null) {
                trusted = empty();
                int number = 0;
                for (Certificate certificate : certificates(file, "tls.ca")) {
                    trusted.setCertificateEntry("ca-" + number++, certificate);
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return x509;
                }
            }
            throw new ConfigException("tls.ca", "no trust manager of the Java runtime judges X.509 certificates");
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException("tls.ca", file + " (expected: certificates, PEM): " + e.getMessage());
        }
    }

    /** Shows this certificate. */
    static KeyManager[] identity(Path certificate, Path key) {
        try {
            KeyStore keys = empty();
            Certificate[] chain = certificates(certificate, "tls.certificate").toArray(Certificate[]::new);
            keys.setKeyEntry("gateway", key(key), NO_PASSWORD, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException("tls.certificate", certificate + " does not go with its key: " + e.getMessage());
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file, String key) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new ConfigException(key, file + " (expected: certificates, PEM); it has none");
            }
            return all;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException(key, file + " (expected: certificates, PEM): " + e.getMessage());
        }
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        byte[] encoded;
        try {
            Matcher block = PKCS8.matcher(Files.readString(file));
            if (!block.find()) {
                throw new ConfigException("tls.key", file + " (expected: a key in PKCS #8, PEM)");
            }
            encoded = Base64.getMimeDecoder().decode(block.group(1));
        } catch (IOException e) {
            throw new ConfigException("tls.key", file + " cannot be read: " + e.getMessage());
        }
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // one of the others
            }
        }
        throw new ConfigException("tls.key", file + " (expected: a key of RSA, EC or EdDSA)");
    }
}
