package dev.sallyport.kernel.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS of a client, from files. */
public final class ClientTls {

    private static final char[] NO_PASSWORD = {};

    private ClientTls() {}

    /**
     * What a client trusts and shows.
     *
     * @param ca a PEM file with the authorities whose servers are good; null for those of the JDK
     * @param identity what is shown to a server that asks; null for nothing
     * @throws TlsFileException saying which file cannot be used
     */
    public static SSLContext of(@Nullable Path ca, @Nullable Identity identity) throws TlsFileException {
        try {
            TrustManager[] trusted =
                    ca == null ? null : ServerTls.trust(PemFile.read(ca).certificates());
            KeyManager[] keys = identity == null ? null : keys(identity);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trusted, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keys(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }
}
