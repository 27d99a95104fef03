package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.config.UpstreamConfig.Tls;
import dev.sallyport.kernel.tls.Identity;
import dev.sallyport.kernel.tls.PemFile;
import dev.sallyport.kernel.tls.TlsFileException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom the gateway trusts as a target, and as whom it shows itself, for each way of configuring that. Files are looked at
 * whenever a connection is made, and read anew where they have changed: connections from then on have the new ones, those
 * that are there go on. Where the new ones cannot be used, the old ones stay, and {@link #problem} says so. Thread-safe.
 */
final class TlsContexts {

    private static final Logger LOG = System.getLogger("upstream");
    private static final char[] NO_PASSWORD = {};

    private final Map<Sources, Entry> entries = new ConcurrentHashMap<>();
    private final @Nullable SSLContext usual;

    /** What contexts are made of. */
    private record Sources(
            @Nullable Path ca,
            @Nullable Path certificate,
            @Nullable Path key,
            boolean verify) {

        boolean isUsual() {
            return ca == null && certificate == null && verify;
        }

        List<Stamp> stamps() {
            return Stream.of(ca, certificate, key)
                    .filter(Objects::nonNull)
                    .map(Stamp::of)
                    .toList();
        }
    }

    /** What tells the content of a file from another one. */
    private record Stamp(long modified, long size, @Nullable Object file) {

        static Stamp of(Path path) {
            try {
                BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime().toMillis(), now.size(), now.fileKey());
            } catch (IOException e) {
                return new Stamp(-1, -1, null);
            }
        }
    }

    /** @param usual what holds where nothing is configured; null for what the JDK trusts */
    TlsContexts(@Nullable SSLContext usual) {
        this.usual = usual;
    }

    /**
     * What a connection that is made now uses.
     *
     * @throws IOException where the files cannot be used, nor could they before
     */
    SSLContext of(Tls tls) throws IOException {
        Sources files = files(tls);
        if (usual != null && files.isUsual()) {
            return usual;
        }
        return entries.computeIfAbsent(files, Entry::new).current();
    }

    /** Why the files that there are now are not in use; null where they are. */
    @Nullable
    String problem(Tls tls) {
        Sources files = files(tls);
        return files.isUsual()
                ? null
                : entries.computeIfAbsent(files, Entry::new).problem();
    }

    private static Sources files(Tls tls) {
        return new Sources(tls.ca(), tls.certificate(), tls.key(), tls.verify());
    }

    private static final class Entry {

        private final Sources files;
        private @Nullable List<Stamp> stamps;
        private @Nullable SSLContext context;
        private @Nullable String problem;

        Entry(Sources files) {
            this.files = files;
        }

        synchronized SSLContext current() throws IOException {
            look();
            if (context == null) {
                throw new IOException(problem);
            }
            return context;
        }

        synchronized @Nullable String problem() {
            look();
            return problem;
        }

        private void look() {
            List<Stamp> now = files.stamps();
            if (now.equals(stamps)) {
                return;
            }
            boolean again = stamps != null;
            stamps = now;
            try {
                context = make(files);
                problem = null;
                if (again) {
                    LOG.log(Level.INFO, "new certificates are used for connections from now on: {0}", names());
                }
            } catch (TlsFileException e) {
                problem = e.getMessage() + (context == null ? "" : "; what was read before is used");
                LOG.log(Level.ERROR, "{0}", problem);
            }
        }

        private String names() {
            return String.join(
                    ", ",
                    Stream.of(files.ca(), files.certificate())
                            .filter(Objects::nonNull)
                            .map(Path::toString)
                            .toList());
        }
    }

    private static SSLContext make(Sources files) throws TlsFileException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(files), trust(files), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager @Nullable [] keys(Sources files)
            throws TlsFileException, GeneralSecurityException, IOException {
        if (files.certificate() == null || files.key() == null) {
            return null;
        }
        Identity identity = Identity.read(files.certificate(), files.key());
        KeyStore store = empty();
        store.setKeyEntry("own", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trust(Sources files)
            throws TlsFileException, GeneralSecurityException, IOException {
        if (!files.verify()) {
            return new TrustManager[] {new TrustAnybody()};
        }
        if (files.ca() == null) {
            return null;
        }
        KeyStore store = empty();
        List<X509Certificate> authorities = PemFile.read(files.ca()).certificates();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
