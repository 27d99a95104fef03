package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of TLS to a server. The files are read when the destination is opened.
 *
 * @param ca who may sign the server's certificate; null for whom the Java runtime trusts
 * @param certificate this gateway's own; null for none
 * @param key the key of that
 * @param serverName whose certificate it must be; null for the host of the address
 * @param verify whether it must be of that name
 */
public record Tls(
        @Doc("The certificates of those who may sign the server's, PEM.") @Nullable
        Path ca,

        @Doc("The gateway's own certificate, with those between it and its root, PEM.") @Nullable
        Path certificate,

        @Doc("The key of that, PKCS #8 in PEM.") @Nullable Path key,

        @Doc("Whose certificate the server must show, where that is not the host of the address.") @Nullable
        String serverName,

        @Doc("Whether the certificate must be of that name.") @Default("true")
        boolean verify) {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

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
     * @throws ConfigException where a file is not what it should be
     */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(), trusted(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new ConfigException("to.syslog.tls", "cannot be used: " + e.getMessage());
        }
    }

    private TrustManager @Nullable [] trusted() throws GeneralSecurityException {
        if (ca == null) {
            return null;
        }
        KeyStore trusted = empty();
        int number = 0;
        for (Certificate each : certificates(ca, "to.syslog.tls.ca")) {
            trusted.setCertificateEntry("ca-" + number++, each);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] identity() throws GeneralSecurityException {
        if (certificate == null || key == null) {
            return null;
        }
        Certificate[] chain =
                certificates(certificate, "to.syslog.tls.certificate").toArray(Certificate[]::new);
        KeyStore keys = empty();
        keys.setKeyEntry("gateway", privateKey(key), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path file, String configKey) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new ConfigException(configKey, file + " (expected: certificates, PEM); it has none");
            }
            return all;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException(configKey, file + " (expected: certificates, PEM): " + e);
        }
    }

    private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
        byte[] encoded;
        try {
            Matcher block = PKCS8.matcher(Files.readString(file));
            if (!block.find()) {
                throw new ConfigException("to.syslog.tls.key", file + " (expected: a key in PKCS #8, PEM)");
            }
            encoded = Base64.getMimeDecoder().decode(block.group(1));
        } catch (IOException e) {
            throw new ConfigException("to.syslog.tls.key", file + " cannot be read: " + e);
        }
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException anotherAlgorithm) {
                // one of the others
            }
        }
        throw new ConfigException("to.syslog.tls.key", file + " (expected: a key of RSA, EC or EdDSA)");
    }
}
