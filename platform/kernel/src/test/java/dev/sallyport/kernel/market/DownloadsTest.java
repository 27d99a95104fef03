package dev.sallyport.kernel.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.http.FolderServer;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.tls.ClientTls;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that come over the network, from servers that do as they should and from others. */
final class DownloadsTest {

    private static final byte[] BYTES = new byte[300_000];
    private static final Pace IMPATIENT = new Pace(Duration.ofMillis(200), 100_000);

    static {
        new Random(7).nextBytes(BYTES);
    }

    @TempDir
    private Path temp;

    private String sha256 = "";

    @BeforeEach
    void hash() throws IOException {
        sha256 = Plugins.hash(Files.write(temp.resolve("good"), BYTES));
    }

    private Path fetch(WebServer server) throws MarketException {
        return fetch(server.url(), Pace.DEFAULT);
    }

    private Path fetch(String url, Pace pace) throws MarketException {
        Downloads downloads = new Downloads(temp.resolve("downloads"), Clock.systemUTC(), pace);
        try (HttpFiles files = new HttpFiles(URI.create(url), new Proxies(null, any -> null), null)) {
            return downloads.fetch(files, "a/x.jar", sha256, BYTES.length, Progress.NONE);
        }
    }

    private void refuses(HttpHandler handler, String... why) throws IOException {
        try (WebServer server = new WebServer(handler)) {
            assertThatThrownBy(() -> fetch(server))
                    .isInstanceOf(MarketException.class)
                    .hasMessageContainingAll(why);
            try (var all = Files.walk(temp.resolve("downloads"))) {
                assertThat(all).noneMatch(each -> each.toString().endsWith(".jar"));
            }
        }
    }

    private static HttpHandler sends(byte[] bytes) {
        return exchange -> WebServer.answer(exchange, 200, bytes);
    }

    /** As a server that knows ranges does, with an ETag. */
    private static HttpHandler ranges(String etag, byte[] bytes) {
        return exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            String condition = exchange.getRequestHeaders().getFirst("If-Range");
            exchange.getResponseHeaders().set("ETag", etag);
            if (range == null || (condition != null && !condition.equals(etag))) {
                WebServer.answer(exchange, 200, bytes);
                return;
            }
            int from = Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
            WebServer.answer(exchange, 206, Arrays.copyOfRange(bytes, from, bytes.length));
        };
    }

    /** Sends the beginning, and breaks off. */
    private static HttpHandler breaksOff(String etag, byte[] bytes, int after) {
        return exchange -> {
            exchange.getResponseHeaders().set("ETag", etag);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, after);
            exchange.getResponseBody().flush();
            throw new IOException("broken off");
        };
    }

    @Test
    void fetchesAFileAndKeepsNothingElse() throws Exception {
        try (WebServer server = new WebServer(sends(BYTES))) {
            assertThat(Files.readAllBytes(fetch(server))).isEqualTo(BYTES);
            try (var all = Files.list(temp.resolve("downloads"))) {
                assertThat(all).hasSize(1);
            }
        }
    }

    @Test
    void goesOnWhereItBrokeOff() throws Exception {
        try (WebServer broken = new WebServer(breaksOff("\"1\"", BYTES, 100_000))) {
            assertThatThrownBy(() -> fetch(broken)).hasMessageContaining("it goes on from there");
        }
        try (WebServer server = new WebServer(ranges("\"1\"", BYTES))) {
            assertThat(Files.readAllBytes(fetch(server))).isEqualTo(BYTES);
            assertThat(server.asked).hasSize(1);
            assertThat(server.asked.getFirst()).matches("/a/x\\.jar bytes=[1-9]\\d*- if \"1\"");
        }
    }

    @Test
    void beginsAnewWhereTheFileHasChangedMeanwhile() throws Exception {
        byte[] other = BYTES.clone();
        other[0]++;
        try (WebServer broken = new WebServer(breaksOff("\"old\"", other, 100_000))) {
            assertThatThrownBy(() -> fetch(broken)).isInstanceOf(MarketException.class);
        }
        try (WebServer server = new WebServer(ranges("\"new\"", BYTES))) {
            assertThat(Files.readAllBytes(fetch(server))).isEqualTo(BYTES);
        }
    }

    @Test
    void beginsAnewWhereWhatHadComeWasOfAnotherFile() throws Exception {
        Files.createDirectories(temp.resolve("downloads"));
        Files.write(temp.resolve("downloads").resolve(sha256 + ".part"), new byte[1000]);
        try (WebServer server = new WebServer(ranges("\"1\"", BYTES))) {
            assertThat(Files.readAllBytes(fetch(server))).isEqualTo(BYTES);
            assertThat(server.asked).containsExactly("/a/x.jar bytes=1000-", "/a/x.jar");
        }
    }

    @Test
    void goesOnWithASiteThatIsServedByTheGatewaysOwnServer() throws Exception {
        Path site = Files.createDirectories(temp.resolve("site/a"));
        Files.write(site.resolve("x.jar"), BYTES);
        Files.createDirectories(temp.resolve("downloads"));
        Files.write(temp.resolve("downloads").resolve(sha256 + ".part"), Arrays.copyOf(BYTES, 100_000));
        try (FolderServer server = FolderServer.start(temp.resolve("site"), Address.parse("127.0.0.1:0"))) {
            Path file = fetch("http://127.0.0.1:" + server.port() + "/", Pace.DEFAULT);
            assertThat(Files.readAllBytes(file)).isEqualTo(BYTES);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a/x.jar,              200",
        "index.json,           200",
        "linked.jar,           404",
        "linked/x.jar,         404",
        ".lock,                404",
        "a/.x.part,            404",
        "shop.key,             404",
        "a/,                   404",
        "'',                   404",
        "a/%2e%2e/shop.key,    400",
        "%2e%2e/good,          400",
        "a%2fx.jar,            400"
    })
    void itsOwnServerServesOnlyWhatAnIndexMayName(String path, int status) throws Exception {
        Path site = Files.createDirectories(temp.resolve("site"));
        Files.createDirectories(site.resolve("a"));
        for (String each : List.of("a/x.jar", "index.json", ".lock", "a/.x.part", "shop.key")) {
            Files.writeString(site.resolve(each), "x");
        }
        Files.createSymbolicLink(site.resolve("linked.jar"), temp.resolve("good"));
        Files.createSymbolicLink(site.resolve("linked"), site.resolve("a"));
        try (FolderServer server = FolderServer.start(site, Address.parse("127.0.0.1:0"));
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/" + path);

            assertThat(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(status);
        }
    }

    @Test
    void refusesAnAlteredFile() throws Exception {
        byte[] altered = BYTES.clone();
        altered[200_000]++;

        refuses(sends(altered), "is not what the index lists", "expected: " + sha256, "altered there or on the way");
    }

    @Test
    void leavesToAnotherCommandWhatThatIsFetching() throws Exception {
        Path part = Files.createDirectories(temp.resolve("downloads")).resolve(sha256 + ".part");
        try (WebServer server = new WebServer(sends(BYTES));
                FileChannel other = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock lock = other.lock()) {
            assertThatThrownBy(() -> fetch(server)).hasMessageContaining("is being fetched by another command");
            assertThat(lock.isValid()).isTrue();
            assertThat(part).exists();
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void whatOneCommandHasFetchedAnotherOneDoesNotDelete() throws Exception {
        try (WebServer server = new WebServer(sends(BYTES))) {
            Path one = fetch(server);
            Path other = fetch(server);
            Marketplace.discard(one);

            assertThat(other).hasBinaryContent(BYTES);
        }
    }

    /** TUF's endless data attack. */
    @Test
    void refusesEndlessDataAfterTheBytesThatTheIndexLists() throws Exception {
        refuses(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        while (true) {
                            out.write(BYTES);
                        }
                    }
                },
                "has more than the 300000 bytes that the index lists");
        assertThat(temp.resolve("downloads")).isEmptyDirectory();
    }

    /** TUF's slow retrieval attack. */
    @Test
    void refusesDataThatComesTooSlowly() throws Exception {
        try (WebServer server = new WebServer(exchange -> {
            exchange.sendResponseHeaders(200, BYTES.length);
            try (OutputStream out = exchange.getResponseBody()) {
                for (byte each : BYTES) {
                    out.write(each);
                    out.flush();
                    Thread.sleep(20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })) {
            assertThatThrownBy(() -> fetch(server.url(), IMPATIENT))
                    .hasMessageContainingAll("sends less than 100000 bytes in 0.2 s", "run the same command again");
        }
    }

    @Test
    void refusesARedirectToAnotherHostAndNeverAsksThere() throws Exception {
        try (WebServer inside = new WebServer(sends(BYTES))) {
            refuses(
                    exchange -> {
                        exchange.getResponseHeaders().set("Location", inside.url() + "secrets");
                        WebServer.answer(exchange, 302, new byte[0]);
                    },
                    "is redirected to http://127.0.0.1:",
                    "which is not the configured marketplace");
            refuses(
                    exchange -> {
                        exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
                        WebServer.answer(exchange, 302, new byte[0]);
                    },
                    "is redirected to file://");
            assertThat(inside.asked).isEmpty();
        }
    }

    @Test
    void followsARedirectWithinTheMarketplaceButNotForEver() throws Exception {
        try (WebServer server = new WebServer(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/a/x.jar")) {
                exchange.getResponseHeaders().set("Location", "/b/x.jar");
                WebServer.answer(exchange, 301, new byte[0]);
            } else {
                WebServer.answer(exchange, 200, BYTES);
            }
        })) {
            Path file = fetch(server);
            assertThat(Files.readAllBytes(file)).isEqualTo(BYTES);
            Marketplace.discard(file);
            assertThat(temp.resolve("downloads")).isEmptyDirectory();
        }
        refuses(
                exchange -> {
                    exchange.getResponseHeaders().set("Location", "/a/x.jar");
                    WebServer.answer(exchange, 301, new byte[0]);
                },
                "is redirected more than 5 times");
    }

    @Test
    void refusesAnotherPartThanWasAskedFor() throws Exception {
        Files.createDirectories(temp.resolve("downloads"));
        Files.write(temp.resolve("downloads").resolve(sha256 + ".part"), Arrays.copyOf(BYTES, 1000));

        refuses(
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Range", "bytes 0-299999/300000");
                    WebServer.answer(exchange, 206, BYTES);
                },
                "sent another part than was asked for (expected: from byte 1000)");
    }

    @Test
    void saysWhatAServerSays() throws Exception {
        refuses(exchange -> WebServer.answer(exchange, 503, new byte[0]), "answered 503 (expected: 200)");
        refuses(exchange -> WebServer.answer(exchange, 404, new byte[0]), "is not there, though the index lists it");
        assertThatThrownBy(() -> fetch("http://127.0.0.1:1/", Pace.DEFAULT)).hasMessageContaining("cannot be fetched");
    }

    @Test
    void goesThroughAProxyWithoutAskingForTheAddressItself() throws Exception {
        List<String> uris = new CopyOnWriteArrayList<>();
        try (WebServer proxy = new WebServer(exchange -> {
            uris.add(exchange.getRequestHeaders().getFirst("Host"));
            WebServer.answer(exchange, 200, BYTES);
        })) {
            Downloads downloads = new Downloads(temp.resolve("downloads"), Clock.systemUTC(), Pace.DEFAULT);
            try (HttpFiles files = new HttpFiles(
                    URI.create("http://plugins.invalid/"),
                    new Proxies(null, name -> name.equals("HTTP_PROXY") ? proxy.url() : null),
                    null)) {
                assertThat(downloads.fetch(files, "x.jar", sha256, BYTES.length, Progress.NONE))
                        .exists();
            }
            assertThat(uris).containsExactly("plugins.invalid");
        }
    }

    @Test
    void asksOnlyAServerWhoseCertificateIsGood() throws Exception {
        TestAuthority authority = new TestAuthority(Files.createDirectories(temp.resolve("pki")));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Certificate[] chain = {authority.issue("web", "EC", "localhost")};
        store.setKeyEntry("web", authority.key("web"), new char[0], chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> WebServer.answer(exchange, 200, BYTES));
        server.start();
        try {
            String url = "https://localhost:" + server.getAddress().getPort() + "/";

            assertThatThrownBy(() -> fetch(url, Pace.DEFAULT))
                    .isInstanceOf(MarketException.class)
                    .hasMessageContaining("SSLHandshakeException");

            Downloads downloads = new Downloads(temp.resolve("downloads"), Clock.systemUTC(), Pace.DEFAULT);
            try (HttpFiles files = new HttpFiles(
                    URI.create(url), new Proxies(null, any -> null), ClientTls.of(authority.file("ca.pem"), null))) {
                assertThat(downloads.fetch(files, "x.jar", sha256, BYTES.length, Progress.NONE))
                        .exists();
            }
        } finally {
            server.stop(0);
        }
    }
}
