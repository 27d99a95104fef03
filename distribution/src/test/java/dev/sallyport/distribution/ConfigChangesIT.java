package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code plan}, {@code apply}, {@code dump} and {@code history} against the product, as an operator and as CI use them. */
final class ConfigChangesIT {

    private static final String ROUTES = """
        routes:
          - name: hello
            match: {paths: [/hello]}
            plugins: [{rate-limit: {limit: 100/s}}, {respond: {body: hello}}]
        """;

    private Path folder;

    @BeforeEach
    void folder() {
        folder = Folders.temporary("config-changes");
    }

    @AfterEach
    void delete() {
        Folders.delete(folder);
    }

    private Command on(Product product, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--server", product.adminAddress().toString()));
        all.addAll(List.of(
                "--token-file", product.home().resolve("data/admin.token").toString()));
        return Command.sallyport(folder, all.toArray(String[]::new));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void aPlanTellsWhatWouldChangeAndWhichRequestsWouldGoAnotherWay() throws IOException {
        try (Product product = Product.with(Product.web(ROUTES)).start()) {
            product.client().get("/hello");
            String changed = Product.web(ROUTES.replace("100/s", "50/s") + """
                  - {name: more, match: {paths: [/hello], methods: [GET]}, plugins: [{respond: {body: more}}]}
                """);
            write("gateway.yaml", changed);

            assertThat(on(product, "plan", "-f", "gateway.yaml").succeeds().out())
                    .contains(
                            "~ route hello changed  (gateway.yaml:6)",
                            "    step rate-limit: limit: 100/s -> 50/s",
                            "+ route more added  (gateway.yaml:9)",
                            "1 of 1 requests of the last 5m that were looked at would meet another route",
                            "    hello -> more: 1, such as GET 127.0.0.1:",
                            "filters would be kept, ");
            on(product, "plan", "-f", "gateway.yaml", "--exit-code").endsWith(1);
            assertThat(on(product, "plan", "--exit-code").succeeds().out()).startsWith("nothing would change");
            assertThat(on(product, "plan", "-f", "gateway.yaml", "--json")
                            .succeeds()
                            .out())
                    .contains("\"kind\" : \"added\"");
            write("wrong.yaml", changed.replace("limit: 50/s", "limt: 50/s"));
            assertThat(on(product, "plan", "-f", "wrong.yaml").endsWith(1).err())
                    .contains("it would be refused", "gateway.yaml:8:", "limt");
            assertThat(product.client().get("/hello").body()).isEqualTo("hello");
            assertThat(on(product, "apply", "-f", "gateway.yaml").endsWith(1).err())
                    .contains("says source: files");
        }
    }

    @Test
    void theConfigurationThatServesIsPrintedWithoutSecrets() throws IOException {
        String yaml = Product.web("include: [{files: more.yaml, secrets: [\"env:UP_HOST\"]}]\n" + ROUTES);
        try (Product product = Product.with(yaml)
                .file(
                        "conf/more.yaml",
                        "upstreams: {up: {targets: [\"http://127.0.0.1:1\"], host: \"${env:UP_HOST:-s3cret.host}\"}}\n")
                .start()) {
            String dumped = on(product, "dump").succeeds().out();

            assertThat(dumped)
                    .startsWith("# generation 1\n")
                    .contains("routes:", "rate-limit: {limit: 100/s}", "\"${env:UP_HOST:-s3cret.host}\"");
            write("conf/gateway.yaml", dumped.replaceFirst("include: .*\n", ""));
            Command.sallyport(folder, "check", "conf/gateway.yaml").succeeds();
            assertThat(on(product, "plan", "-f", ".").succeeds().out()).contains("- include removed");
        }
    }

    @Test
    void ciAppliesAWholeFolderOrNothing() throws IOException {
        String base = Product.web("source: api\ninclude: [teams/*.yaml]\n");
        Product product = Product.with(base + ROUTES).start();
        try {
            write("dir/gateway.yaml", base);
            write("dir/teams/shop.yaml", """
                routes:
                  - {name: shop, match: {paths: [/shop]}, plugins: [{javascript: {script: shop.js}}, {respond: {body: x}}]}
                """);
            write("dir/scripts/shop.js", """
                export default async (request, next) => {
                  const response = await next(request);
                  response.headers.set("x-shop", "1");
                  return response;
                };
                """);

            assertThat(on(product, "apply", "-f", "dir", "-m", "the shop")
                            .succeeds()
                            .out())
                    .contains("generation 2 serves");
            assertThat(product.client().get("/shop").headers().firstValue("x-shop"))
                    .hasValue("1");
            assertThat(product.client().status("/hello")).isEqualTo(404);
            assertThat(product.admin().get("/v1/scripts").body()).contains("\"name\":\"shop.js\"");
            assertThat(on(product, "history").succeeds().out()).contains("the shop", "route shop added");
            assertThat(on(product, "history", "--diff", "2").succeeds().out())
                    .contains("route shop added", "route hello removed");

            write("dir/teams/shop.yaml", "routes: [{name: shop}]\nnonsense: 1\n");
            assertThat(on(product, "apply", "-f", "dir").endsWith(1).err())
                    .contains("teams/shop.yaml:1:", "teams/shop.yaml:2:1 nonsense");
            write("dir/teams/shop.yaml", "routes: [{name: b, match: {paths: [/b]}, plugins: [{respond: {}}]}]\n");
            assertThat(on(product, "apply", "-f", "dir", "--if-generation", "1")
                            .endsWith(1)
                            .err())
                    .contains("generation 2 serves now, and not 1");
            Command.sallyport(
                            folder,
                            Map.of("SALLYPORT_TOKEN", "nobody-knows-it"),
                            "apply",
                            "-f",
                            "dir",
                            "--server",
                            product.adminAddress().toString())
                    .endsWith(3);
            on(product, "apply", "-f", "no-such-dir").endsWith(1);
            on(product, "apply", "--nonsense").endsWith(2);
            assertThat(product.client().status("/shop")).isEqualTo(200);

            product.stop();
            product = product.again();
            assertThat(product.client().get("/shop").headers().firstValue("x-shop"))
                    .hasValue("1");
            product.reconfigure(
                    base.replace("source: api", "source: files").replace("include: [teams/*.yaml]\n", "") + ROUTES);
            assertThat(product.client().status("/hello")).isEqualTo(200);
        } finally {
            product.close();
        }
    }

    @Test
    void aWatchedChangeThatDoesWorseIsTakenBack() throws Exception {
        String unlimited = ROUTES.replace("100/s", "100000/s");
        try (Product product =
                Product.with(Product.web("source: api\n" + unlimited)).start()) {
            Thread load = Thread.ofPlatform().daemon().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    product.client().status("/hello");
                    LockSupport.parkNanos(2_000_000);
                }
            });
            try {
                write("good.yaml", Product.web("source: api\n" + unlimited.replace("100000/s", "90000/s")));
                write("bad.yaml", Product.web("source: api\n" + unlimited.replace("{body: hello}", "{status: 503}")));

                assertThat(on(product, "apply", "-f", "good.yaml", "--watch", "2s", "--max-latency", "1000x")
                                .succeeds()
                                .out())
                        .contains("generation 2 serves", "generation 2 kept: ");
                assertThat(on(product, "apply", "-f", "bad.yaml", "--watch", "5m", "--max-errors", "5%")
                                .endsWith(1)
                                .out())
                        .contains("generation 3 serves", "generation 3 rolled-back: ", "% of ", "requests failed");
                assertThat(product.client().get("/hello").body()).isEqualTo("hello");
                assertThat(on(product, "history").succeeds().out())
                        .contains("watch: rollback to 2", "requests failed", "a rollback holds");
                assertThat(product.admin().get("/v1/audit").body()).contains("\"who\":\"watch\"");
                assertThat(product.output().lines())
                        .anyMatch(line -> line.contains("generation 3 does worse than 2 and is taken back"));
            } finally {
                load.interrupt();
                load.join();
            }
        }
    }

    @Test
    void theAdminApiIsReachedOverTlsWithACertificateInThePlaceOfAToken() throws Exception {
        TestAuthority authority = new TestAuthority(Files.createDirectories(folder.resolve("pki")));
        authority.issue("admin", "EC", "localhost", "127.0.0.1");
        X509Certificate ci = authority.issue("ci", "EC");
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ci.getEncoded()));
        String yaml = """
            listeners: [{name: web, address: "127.0.0.1:0"}]
            status: {address: "127.0.0.1:0"}
            admin:
              address: "127.0.0.1:0"
              tls: {certificate: %1$s/admin.pem, key: %1$s/admin.key, clientAuth: optional, clientCa: %1$s/ca.pem}
              tokens: [{name: ci, role: read, certificate: "sha256:%2$s"}]
            """.formatted(folder.resolve("pki"), hash) + ROUTES;
        try (Product product = Product.with(yaml).start()) {
            String server = "https://localhost:" + product.adminAddress().getPort();
            String[] shown = {
                "--server", server, "--ca", "pki/ca.pem", "--client-cert", "pki/ci.pem", "--client-key", "pki/ci.key"
            };
            List<String> dump = new ArrayList<>(List.of("dump"));
            dump.addAll(List.of(shown));
            List<String> apply = new ArrayList<>(List.of("apply"));
            apply.addAll(List.of(shown));

            assertThat(Command.sallyport(folder, dump.toArray(String[]::new))
                            .succeeds()
                            .out())
                    .contains("name: hello");
            assertThat(Command.sallyport(folder, apply.toArray(String[]::new))
                            .endsWith(3)
                            .err())
                    .contains("role read (expected: operate)");
            Command.sallyport(folder, Map.of("SALLYPORT_TOKEN", "x"), "dump", "--server", server)
                    .endsWith(3);
        }
    }
}
