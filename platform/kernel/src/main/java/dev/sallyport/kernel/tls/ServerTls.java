package dev.sallyport.kernel.tls;

import dev.sallyport.kernel.config.TlsConfig;
import dev.sallyport.kernel.config.TlsConfig.ClientAuth;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one listener. What it shows to clients can be changed while it serves: handshakes from then on see the new
 * certificates, connections that are there go on. Thread-safe.
 */
public final class ServerTls {

    private static final Logger LOG = System.getLogger("tls");

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** Mozilla's intermediate configuration, version 5.7: forward secrecy and authenticated encryption only. */
    private static final String[] CIPHERS = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    };

    private final String listener;
    private final Acme acme;
    private volatile Shown shown;
    private volatile @Nullable String problem;

    /** What clients are shown, and asked for, now. */
    private record Shown(
            TlsConfig config, List<Identity> identities, List<X509Certificate> authorities, SSLContext context) {}

    /**
     * Reads the files.
     *
     * @param listener its name, for the log
     * @param acme has the certificates that the gateway gets by itself
     * @throws IOException saying which file cannot be used
     */
    public ServerTls(String listener, TlsConfig config, Acme acme) throws IOException {
        this.listener = listener;
        this.acme = acme;
        try {
            shown = load(config, null);
        } catch (TlsFileException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Takes another configuration; where its files cannot be used, what is shown stays, and {@link #problem} says so. Where
     * they say what they said before, clients can go on with the sessions that they have.
     */
    public synchronized void use(TlsConfig config) {
        try {
            shown = load(config, shown);
            problem = null;
        } catch (TlsFileException e) {
            problem = "listener " + listener + ": " + e.getMessage() + "; the certificates from before are shown";
            LOG.log(Level.ERROR, "{0}", problem);
        }
    }

    /** Reads the files anew. */
    public synchronized void reload() {
        boolean broken = problem != null;
        Shown before = shown;
        use(before.config());
        if (problem == null && (broken || !shown.identities().equals(before.identities()))) {
            LOG.log(Level.INFO, "listener {0}: new certificates are shown from now on", listener);
        }
    }

    /** Why the files that there are now are not in use; null where they are. */
    public @Nullable String problem() {
        return problem;
    }

    /** The files that it is made of. */
    public Set<Path> files() {
        return files(shown.config());
    }

    private static Set<Path> files(TlsConfig config) {
        Set<Path> files = new HashSet<>();
        config.all().forEach(one -> {
            files.add(one.certificate());
            files.add(one.key());
        });
        if (config.clientCa() != null) {
            files.add(config.clientCa());
        }
        return files;
    }

    /** One end of a new connection. */
    public SSLEngine engine() {
        Shown now = shown;
        SSLEngine engine = now.context().createSSLEngine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setCipherSuites(CIPHERS);
        parameters.setUseCipherSuitesOrder(false); // clients know best whether they have AES in hardware
        ClientAuth auth = now.config().clientAuth();
        if (auth == ClientAuth.REQUIRED) {
            parameters.setNeedClientAuth(true);
        } else {
            parameters.setWantClientAuth(auth == ClientAuth.OPTIONAL);
        }
        engine.setSSLParameters(parameters);
        engine.setUseClientMode(false);
        return engine;
    }

    /**
     * Whether a connection may be used for that host: it asked for this name, or for none, or its certificate is made for
     * this name too, so that a client has reason to use it for both.
     */
    public static boolean mayServe(String host, SSLSession session) {
        String asked = Identities.serverName(session);
        if (asked == null || asked.equalsIgnoreCase(host)) {
            return true;
        }
        java.security.cert.Certificate[] chain = session.getLocalCertificates();
        return chain != null
                && chain.length > 0
                && chain[0] instanceof X509Certificate certificate
                && Identity.covers(certificate, host);
    }

    /** The name that the client has asked for; null where it has not. */
    public static @Nullable String serverName(SSLSession session) {
        return Identities.serverName(session);
    }

    private Shown load(TlsConfig config, @Nullable Shown before) throws TlsFileException {
        List<Identity> identities = new ArrayList<>();
        for (TlsConfig.Certificate one : config.all()) {
            identities.add(Identity.read(one.certificate(), one.key()));
        }
        if (config.acme() != null) {
            identities.add(config.certificate() == null ? 0 : identities.size(), acme.identity(config.acme()));
        }
        Path ca = config.clientCa();
        List<X509Certificate> authorities =
                ca == null ? List.of() : PemFile.read(ca).certificates();
        if (before != null
                && before.config().clientAuth() == config.clientAuth()
                && before.identities().equals(identities)
                && before.authorities().equals(authorities)) {
            return new Shown(config, before.identities(), authorities, before.context());
        }
        TrustManager[] trusted = ca == null ? new TrustManager[0] : trust(authorities);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Identities(identities, acme.challenges())}, trusted, null);
            return new Shown(config, List.copyOf(identities), authorities, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client that trusts those authorities alone. */
    static SSLContext trusting(List<X509Certificate> authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(authorities), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static TrustManager[] trust(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
