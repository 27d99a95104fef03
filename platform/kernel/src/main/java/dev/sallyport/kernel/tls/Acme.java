package dev.sallyport.kernel.tls;

import dev.sallyport.kernel.config.AcmeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.util.CertificateUtils;
import org.shredzone.acme4j.util.KeyPairUtils;

/**
 * Certificates that the gateway gets by itself. Each is kept in a file with its key, and renewed when two thirds of its
 * time are over, at a moment of chance; what fails is tried again after a while that doubles each time, and takes nothing
 * from what is shown. Until there is a first one, a certificate that it has signed itself is shown. Thread-safe.
 */
public final class Acme implements AutoCloseable {

    private static final Logger LOG = System.getLogger("acme");

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(12);

    private final Path folder;
    private final Challenges challenges = new Challenges();
    private final Map<AcmeConfig, Thread> running = new HashMap<>();
    private final Map<AcmeConfig, String> problems = new ConcurrentHashMap<>();
    private volatile @Nullable Identity placeholder;

    /** @param folder where certificates and keys are kept */
    public Acme(Path folder) {
        this.folder = folder;
    }

    /** What authorities are asking for now. */
    public Challenges challenges() {
        return challenges;
    }

    /** The certificate that there is: the one that was got last, or, before that, one that is signed by nobody. */
    Identity identity(AcmeConfig config) {
        Path file = file(config);
        if (Files.exists(file)) {
            try {
                return Identity.read(file, file);
            } catch (TlsFileException e) {
                LOG.log(Level.WARNING, "{0}; another one is got", e.getMessage());
            }
        }
        return placeholder();
    }

    private Identity placeholder() {
        Identity made = placeholder;
        if (made == null) {
            KeyPair key = AcmeKeys.ofOwnCertificate();
            Instant now = Instant.now();
            made = Identity.of(
                    List.of(CertificateUtils.createTestRootCertificate(
                            "CN=sallyport - no certificate yet",
                            now.minus(Duration.ofHours(1)),
                            now.plus(Duration.ofDays(365)),
                            key)),
                    key.getPrivate());
            placeholder = made;
        }
        return made;
    }

    /** Cares for those from now on, and for no others. */
    public synchronized void keep(Set<AcmeConfig> wanted, Runnable onNew) {
        running.entrySet().removeIf(each -> {
            boolean over = !wanted.contains(each.getKey());
            if (over) {
                each.getValue().interrupt();
                problems.remove(each.getKey());
            }
            return over;
        });
        for (AcmeConfig config : wanted) {
            AcmeKeys.prepare();
            running.computeIfAbsent(
                    config,
                    one -> Thread.ofVirtual()
                            .name("acme " + one.domains().getFirst())
                            .start(() -> care(one, onNew)));
        }
    }

    private void care(AcmeConfig config, Runnable onNew) {
        String name = config.domains().getFirst();
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                Thread.sleep(untilRenewal(config));
                try {
                    obtain(config);
                    pause = FIRST_PAUSE;
                    problems.remove(config);
                    LOG.log(Level.INFO, "{0}: a certificate was got from {1}", name, config.directory());
                    onNew.run();
                } catch (AcmeException | TlsFileException | IOException | RuntimeException e) {
                    problems.put(config, "acme: no certificate for " + name + ": " + e.getMessage());
                    LOG.log(
                            Level.WARNING,
                            "no certificate for {0} from {1}: {2}; tried again in {3}",
                            name,
                            config.directory(),
                            e.getMessage(),
                            pause);
                    Thread.sleep(jittered(pause));
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is no longer wanted
        }
    }

    private Duration untilRenewal(AcmeConfig config) {
        X509Certificate now = identity(config).certificate();
        if (isPlaceholder(config) || !identity(config).names().containsAll(config.domains())) {
            return Duration.ZERO;
        }
        Instant from = now.getNotBefore().toInstant();
        Duration life = Duration.between(from, now.getNotAfter().toInstant());
        Instant due = from.plus(life.multipliedBy(2).dividedBy(3)).minus(jittered(life.dividedBy(20)));
        Duration wait = Duration.between(Instant.now(), due);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static Duration jittered(Duration about) {
        return Duration.ofMillis(
                (long) (about.toMillis() * (0.5 + ThreadLocalRandom.current().nextDouble())));
    }

    private boolean isPlaceholder(AcmeConfig config) {
        return identity(config).equals(placeholder);
    }

    private void obtain(AcmeConfig config) throws AcmeException, TlsFileException, IOException, InterruptedException {
        KeyPair key = AcmeKeys.make();
        List<X509Certificate> chain = new AcmeOrder(config, account(config), challenges).fulfil(key);
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate one : chain) {
                text.append(pem("CERTIFICATE", one.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
        text.append(pem("PRIVATE KEY", key.getPrivate().getEncoded()));
        write(file(config), text.toString());
    }

    private KeyPair account(AcmeConfig config) throws IOException {
        Path file = folder(config).resolve("account.key");
        if (Files.exists(file)) {
            return KeyPairUtils.readKeyPair(new StringReader(Files.readString(file)));
        }
        KeyPair made = AcmeKeys.ofAccount();
        StringWriter text = new StringWriter();
        KeyPairUtils.writeKeyPair(made, text);
        write(file, text.toString());
        return made;
    }

    private Path folder(AcmeConfig config) {
        return folder.resolve(config.directory().getAuthority().replace(':', '_'));
    }

    private Path file(AcmeConfig config) {
        return folder(config).resolve(config.domains().getFirst().replace("*", "_") + ".pem");
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** For nobody else to read, and whole or not at all. */
    private static void write(Path file, String text) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent(), "folder");
        Files.createDirectories(
                parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path part = Files.createTempFile(parent, ".", ".part"); // with 0600
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What does not work, in a sentence each. */
    public List<String> degraded() {
        List<String> degraded = new ArrayList<>(problems.values());
        synchronized (this) {
            for (AcmeConfig config : running.keySet()) {
                if (isPlaceholder(config) && !problems.containsKey(config)) {
                    degraded.add("acme: no certificate for " + config.domains().getFirst()
                            + " yet; one that is signed by nobody is shown");
                }
            }
        }
        return degraded;
    }

    @Override
    public synchronized void close() {
        running.values().forEach(Thread::interrupt);
        running.clear();
    }
}
