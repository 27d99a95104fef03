package dev.sallyport.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * An authority for tests of TLS, with the certificates that it has signed; all made by the JDK's keytool, and written as
 * PEM. For one thread at a time.
 *
 * {@snippet :
 * TestAuthority authority = new TestAuthority(folder);      // folder/ca.pem
 * authority.issue("web", "EC", "localhost", "127.0.0.1");   // folder/web.pem and folder/web.key
 * SSLContext server = authority.client("web");
 * }
 */
public final class TestAuthority {

    private static final String PASSWORD = "changeit";
    private static final int USUAL_DAYS = 30;

    private final Path folder;
    private final Path store;

    /**
     * Makes its own certificate, {@code ca.pem}.
     *
     * @param folder where its files are put
     */
    public TestAuthority(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        store = folder.resolve("all.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "EC",
                "-dname",
                "CN=Test CA in " + folder.getFileName(),
                "-ext",
                "bc:c",
                "-validity",
                Integer.toString(USUAL_DAYS));
        write("ca.pem", "CERTIFICATE", keys().getCertificate("ca").getEncoded());
    }

    /**
     * A certificate in {@code NAME.pem} with its chain, its key in {@code NAME.key}.
     *
     * @param hosts for which it is made: names and addresses; others as keytool has them, such as {@code uri:spiffe://a/b}
     *     and {@code email:a@b.example}
     */
    public X509Certificate issue(String name, String keyAlgorithm, String... hosts) throws Exception {
        return issue(name, keyAlgorithm, USUAL_DAYS, hosts);
    }

    /**
     * The same for so many days.
     *
     * @param days below zero: it was good for as many, and ended yesterday
     */
    public X509Certificate issue(String name, String keyAlgorithm, int days, String... hosts) throws Exception {
        if (keys().containsAlias(name)) {
            keytool("-delete", "-alias", name);
        }
        keytool("-genkeypair", "-alias", name, "-keyalg", keyAlgorithm, "-dname", "CN=" + name);
        Path request = folder.resolve(name + ".csr");
        Path signed = folder.resolve(name + ".signed");
        keytool("-certreq", "-alias", name, "-file", request.toString());
        List<String> sign = new ArrayList<>(List.of(
                "-gencert", "-alias", "ca", "-infile", request.toString(), "-outfile", signed.toString(), "-rfc"));
        sign.addAll(List.of("-validity", Integer.toString(Math.abs(days))));
        if (days < 0) {
            sign.addAll(List.of("-startdate", days - 1 + "d"));
        }
        if (hosts.length > 0) {
            String names = Arrays.stream(hosts).map(TestAuthority::named).collect(Collectors.joining(","));
            sign.addAll(List.of("-ext", "san=" + names));
        }
        keytool(sign.toArray(String[]::new));
        keytool("-importcert", "-alias", name, "-file", signed.toString(), "-noprompt");
        KeyStore keys = keys();
        StringBuilder chain = new StringBuilder();
        for (Certificate one : keys.getCertificateChain(name)) {
            chain.append(pem("CERTIFICATE", one.getEncoded()));
        }
        Files.writeString(folder.resolve(name + ".pem"), chain);
        Key key = keys.getKey(name, PASSWORD.toCharArray());
        write(name + ".key", "PRIVATE KEY", key.getEncoded());
        return (X509Certificate) keys.getCertificate(name);
    }

    private static String named(String host) {
        if (host.startsWith("uri:") || host.startsWith("email:")) {
            return host;
        }
        return (host.matches("[0-9.]+|.*:.*") ? "ip:" : "dns:") + host;
    }

    /** A file of it. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** A private key that it has made. */
    public PrivateKey key(String name) throws Exception {
        return (PrivateKey) keys().getKey(name, PASSWORD.toCharArray());
    }

    /** For a client, or a server, that trusts it, and shows that certificate if not null. */
    public SSLContext client(@Nullable String name) throws Exception {
        return client(name, this);
    }

    /** For one that shows that certificate, and trusts another authority. */
    public SSLContext client(@Nullable String name, TestAuthority other) throws Exception {
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", other.keys().getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManager[] shown = null;
        if (name != null) {
            KeyStore own = empty();
            own.setKeyEntry(name, key(name), PASSWORD.toCharArray(), keys().getCertificateChain(name));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(own, PASSWORD.toCharArray());
            shown = new KeyManager[] {new Always(name, (X509ExtendedKeyManager) factory.getKeyManagers()[0])};
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, trust.getTrustManagers(), null);
        return context;
    }

    /** Shows its certificate also to servers that ask for those of others, as a stranger might. */
    private static final class Always extends X509ExtendedKeyManager {

        private final String name;
        private final X509ExtendedKeyManager keys;

        Always(String name, X509ExtendedKeyManager keys) {
            this.name = name;
            this.keys = keys;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return name;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return name;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return keys.chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {name};
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }

    /** A PEM block. */
    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    private void write(String name, String label, byte[] der) throws IOException {
        Files.writeString(folder.resolve(name), pem(label, der));
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        return keys;
    }

    private KeyStore keys() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-J-Xshare:auto"));
        command.add("-J-XX:TieredStopAtLevel=1");
        Path log = folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new IllegalStateException("keytool " + List.of(arguments) + ": " + Files.readString(log));
        }
    }
}
