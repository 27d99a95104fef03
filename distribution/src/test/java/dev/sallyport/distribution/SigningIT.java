package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plugins are signed by their publishers, and a gateway takes what it is told to trust. */
final class SigningIT {

    private static final String ROUTES = """
        routes:
          - {name: all, match: {paths: [/stamped]}, plugins: [{acme/stamp: {}}, {respond: {body: x}}]}
          - {name: plain, match: {paths: [/plain]}, plugins: [{respond: {body: plain}}]}
        """;

    private static Path folder;
    private static String acme;
    private static String house;

    @BeforeAll
    static void makeKeys() {
        folder = Folders.temporary("signing");
        acme = publisher("acme");
        // Whoever runs the gateway vouches for the plugins that ship with it, whatever their ids.
        house = publisher("house").replace("house-", "*");
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
    }

    private static Command sallyport(String... arguments) {
        return Command.sallyport(folder, arguments);
    }

    /** Makes a key and gives its entry under {@code publishers}. */
    private static String publisher(String name) {
        String printed = sallyport("market", "keygen", name).succeeds().out();
        return printed.substring(printed.indexOf("    - name:"));
    }

    private static void sign(String key, Path... jars) {
        List<String> arguments = new ArrayList<>(List.of("market", "sign", "--key", key + ".key"));
        Stream.of(jars).map(Path::toString).forEach(arguments::add);
        sallyport(arguments.toArray(String[]::new)).succeeds();
    }

    private static Path stamp(String version, String value) {
        return PluginJars.step(
                "acme/stamp",
                version,
                "return next.proceed(request).withHeader(\"x-stamp\", \"%s\");".formatted(value));
    }

    private static Path signature(Path jar) {
        return jar.resolveSibling(jar.getFileName() + ".dsse.json");
    }

    private static String trusting(String unsigned, String... publishers) {
        return Product.web("trust:\n  unsigned: " + unsigned + "\n  publishers:" + (publishers.length == 0 ? " []" : "")
                + "\n" + String.join("", publishers));
    }

    /** Those that are not signed yet. */
    private static void signShipped(Path home) {
        try (Stream<Path> jars = Files.list(home.resolve("plugins"))) {
            sign(
                    "house",
                    jars.filter(jar -> jar.toString().endsWith(".jar") && !Files.exists(signature(jar)))
                            .toArray(Path[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copySignature(Path jar, Path home) {
        try {
            Files.copy(
                    signature(jar),
                    home.resolve("plugins").resolve(signature(jar).getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A jar with what is written beside it, in the order that never shows the one without the other. */
    private static void dropWithSignature(Product product, Path jar, Path signed) {
        product.drop(signature(signed), jar.getFileName() + ".dsse.json");
        product.drop(jar);
    }

    private static String stamp(Product product) {
        return product.client().get("/stamped").headers().firstValue("x-stamp").orElse("none");
    }

    @Test
    void aKeyIsForItsOwnersEyesAndNeverOverwritten() throws IOException {
        Path key = folder.resolve("acme.key");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(sallyport("market", "keygen", "acme").endsWith(1).err()).contains("is there already");
        assertThat(sallyport("market", "keygen", "json", "--json").succeeds().out())
                .contains("\"publicKey\" : \"MCow");
        assertThat(sallyport("market", "sign", "x.jar", "--key", "gone.key")
                        .endsWith(1)
                        .err())
                .contains("gone.key cannot be read");
    }

    @Test
    void whatIsSignedServesAndWhatIsNotIsRefusedWhileTheOldServesOn() {
        Path first = stamp("1.0.0", "1.0.0");
        sign("acme", first);
        try (Product product = Product.with(trusting("refused", acme, house) + ROUTES)
                .plugin(first)
                .prepare(home -> copySignature(first, home))
                .prepare(SigningIT::signShipped)
                .start()) {
            assertThat(stamp(product)).isEqualTo("1.0.0");
            assertThat(list(product)).containsPattern("(?m)^acme-stamp +1\\.0\\.0 +serving +signed by acme$");
            assertThat(list(product)).containsPattern("(?m)^respond +0\\.1\\.0 +serving +signed by house$");

            Path next = stamp("1.1.0", "1.1.0");
            sign("acme", next);
            int from = product.output().size();
            dropWithSignature(product, stamp("1.1.0", "forged"), next);
            product.output()
                    .await("acme-stamp-1.1.0.jar is not what acme signed: the signature is over the sha256 ", from);
            assertThat(stamp(product)).isEqualTo("1.0.0");

            from = product.output().size();
            product.drop(stamp("1.2.0", "nobody's"));
            product.output().await("acme-stamp-1.2.0.jar is not signed, and trust.unsigned is refused", from);
            assertThat(stamp(product)).isEqualTo("1.0.0");
            assertThat(list(product)).containsPattern("(?m)^acme-stamp +1\\.2\\.0 +refused +is not signed");

            sallyport("market", "keygen", "mallory").succeeds();
            Path foreign = stamp("1.3.0", "mallory's");
            sign("mallory", foreign);
            from = product.output().size();
            dropWithSignature(product, foreign, foreign);
            product.output().await("acme-stamp-1.3.0.jar is signed with no key that is trusted here", from);
            assertThat(stamp(product)).isEqualTo("1.0.0");

            product.remove("acme-stamp-1.1.0");
            dropWithSignature(product, next, next);
            await().atMost(Duration.ofSeconds(30)).until(() -> stamp(product).equals("1.1.0"));
        }
    }

    private static String list(Product product) {
        return sallyport(
                        "plugins",
                        "list",
                        "--server",
                        product.adminAddress().toString(),
                        "--token-file",
                        product.home().resolve("data/admin.token").toString())
                .succeeds()
                .out();
    }

    @Test
    void trustChangesWithTheConfigurationAndNotAgainstItsSteps() {
        Path jar = stamp("1.0.0", "1.0.0");
        sign("acme", jar);
        String plain = "routes: [{name: plain, match: {paths: [/plain]}, plugins: [{respond: {body: plain}}]}]\n";
        try (Product product = Product.with(trusting("allowed") + plain)
                .plugin(jar)
                .prepare(home -> copySignature(jar, home))
                .start()) {
            product.output().await("acme-stamp-1.0.0.jar is signed with no key that is trusted here");

            product.reconfigure(trusting("allowed", acme) + ROUTES);
            assertThat(stamp(product)).isEqualTo("1.0.0");

            product.reconfigureInVain(
                    trusting("allowed") + ROUTES, "acme-stamp-1.0.0.jar, which has it, is signed with no key that");
            assertThat(stamp(product)).isEqualTo("1.0.0");

            product.reconfigureInVain(
                    trusting("refused", acme) + ROUTES, "which has it, is not signed, and trust.unsigned is refused");
            assertThat(stamp(product)).isEqualTo("1.0.0");
        }
    }

    @Test
    void aRestartWithABrokenConfigurationTrustsWhomTheLastGoodOneDid() {
        Path jar = stamp("1.0.0", "1.0.0");
        sign("acme", jar);
        Product first = Product.with(trusting("refused", acme, house) + ROUTES)
                .plugin(jar)
                .prepare(home -> copySignature(jar, home))
                .prepare(SigningIT::signShipped)
                .start();
        assertThat(first.stop()).isZero();
        first.drop(stamp("1.1.0", "nobody's"));
        first.replace("conf/gateway.yaml", trusting("refsed", acme, house) + ROUTES);

        try (Product second = first.again()) {
            assertThat(stamp(second)).isEqualTo("1.0.0");
            assertThat(second.output().toString())
                    .contains("acme-stamp-1.1.0.jar is not signed", "trust.unsigned: refsed");
        }
    }

    @Test
    void verifyTellsWhoSignedOrWhyNot() throws IOException {
        Path config = Files.writeString(folder.resolve("trusting.yaml"), trusting("refused", acme) + "routes: []\n");
        Path jar = stamp("1.0.0", "1.0.0");
        String[] verify = {"market", "verify", jar.toString(), "--config", config.toString()};

        assertThat(sallyport(verify).endsWith(1).out())
                .contains("acme-stamp-1.0.0.jar is acme-stamp 1.0.0, not signed");
        sign("acme", jar);
        assertThat(sallyport(verify).succeeds().out())
                .contains("acme-stamp-1.0.0.jar is acme-stamp 1.0.0, signed by acme");
        Files.writeString(signature(jar), "nonsense");
        assertThat(sallyport(verify).endsWith(1).out()).contains("has a signature that cannot be read");
        Path other = PluginJars.step("shop/stamp", "1.0.0", "return next.proceed(request);");
        sign("acme", other);
        assertThat(sallyport("market", "verify", other.toString(), "--config", config.toString(), "--json")
                        .endsWith(1)
                        .out())
                .contains("\"trusted\" : false", "is signed by acme, who may not sign the plugin id shop-stamp");
    }
}
