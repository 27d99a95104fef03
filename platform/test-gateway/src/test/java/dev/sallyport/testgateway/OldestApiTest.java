package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that was built with the oldest plugin API that is supported, in the gateway as it is now. */
final class OldestApiTest {

    private static final Path RELEASED = Path.of("../../plugin-api/api/released");

    /** One type of each kind that a plugin may offer. */
    private static final String OLD = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;
        import dev.sallyport.api.telemetry.*;
        import java.time.Duration;
        import java.util.List;
        import java.util.Map;
        import java.util.concurrent.ConcurrentHashMap;

        @Doc("Lets in who has a key.")
        @Type(value = "old", decidesAccess = true, provides = "consumer")
        public final class Factory implements FilterFactory<Factory.Config> {

            public enum Mode { STRICT, LOOSE }

            public record Config(
                    @Doc("The header field with the key.") @Default("x-key") String header,
                    @Doc("What to tell.") @Default("none") Template text,
                    @Doc("For whom.") @Default("true") Condition when,
                    @Doc("How.") @Default("strict") Mode mode,
                    @Doc("How long something is kept.") @Default("1m") Duration keep,
                    @Doc("Where.") @StoreName @Default("memory") String store) {}

            public record KeyConfig(@Doc("The key.") Secret key) {}

            @Type("old-key")
            public static final class Key implements CredentialType<KeyConfig> {}

            @Override
            public Filter create(Config config, FilterContext context) {
                List<Credential<KeyConfig>> known = context.credentials(KeyConfig.class);
                Store store = context.store(config.store());
                return new Filter() {
                    @Override
                    public Response handle(Request request, Next next) throws Exception {
                        String key = request.headers().get(config.header());
                        Credential<KeyConfig> found = known.stream()
                                .filter(each -> each.value().key().matches(key == null ? "" : key))
                                .findFirst()
                                .orElse(null);
                        if (found == null) {
                            return new Problem(401, "urn:old:key", "Who are you?").toResponse(request);
                        }
                        request.exchange().authenticated(found.consumer());
                        store.put("last", found.consumer().name(), config.keep());
                        Response response = next.proceed(request.withHeader("x-old", "asked"));
                        return response.withHeader("x-old", store.get("last") + " " + config.mode());
                    }

                    @Override
                    public Map<String, ?> state() {
                        return Map.of("known", known.size());
                    }
                };
            }

            public record Nothing() {}

            @Type("old-vault")
            public static final class Vault implements SecretSourceFactory<Nothing> {
                @Override
                public SecretSource create(Nothing config, ServiceContext context) {
                    return key -> key.equals("ada") ? "lovelace" : null;
                }
            }

            public record BookConfig(@Doc("A URL.") String url) {}

            @Type("old-book")
            public static final class Book implements DiscoveryFactory<BookConfig> {
                @Override
                public Discovery create(BookConfig config, ServiceContext context) {
                    java.net.URI url = java.net.URI.create(config.url());
                    return new Discovery() {
                        @Override
                        public void watch(Query query, Listener listener) throws InterruptedException {
                            listener.endpoints(List.of(Endpoint.of(query.scheme(), url.getHost(), url.getPort())));
                            Thread.sleep(Duration.ofDays(1));
                        }

                        @Override
                        public void close() {}
                    };
                }
            }

            @Type("old-teller")
            public static final class Teller implements ExporterFactory<Nothing> {
                @Override
                public Exporter create(Nothing config, ServiceContext context) {
                    System.Logger log = context.logger();
                    return new Exporter() {
                        @Override
                        public ExchangeObserver begins(Request request) {
                            log.log(System.Logger.Level.INFO, "began " + request.method());
                            return null;
                        }
                    };
                }
            }

            @Type("old-shelf")
            public static final class Shelf implements StoreFactory<Nothing> {
                @Override
                public Store create(Nothing config, ServiceContext context) {
                    return new Shelved();
                }
            }

            static final class Shelved implements Store {
                private final Map<String, String> values = new ConcurrentHashMap<>();

                @Override
                public List<Take> take(String key, List<Limit> limits, long tokens) {
                    return limits.stream().map(each -> new Take(true, 1, 0, 0)).toList();
                }

                @Override
                public List<Take> charge(String key, List<Limit> limits, long tokens) {
                    return take(key, limits, tokens);
                }

                @Override
                public Entry enter(String key, String holder, long most, Duration expires) {
                    return new Entry(true, 1);
                }

                @Override
                public void leave(String key, String holder) {}

                @Override
                public String get(String key) {
                    return values.get(key);
                }

                @Override
                public void put(String key, String value, Duration expires) {
                    values.put(key, value);
                }

                @Override
                public boolean putIfAbsent(String key, String value, Duration expires) {
                    return values.putIfAbsent(key, value) == null;
                }

                @Override
                public boolean replace(String key, String expected, String value, Duration expires) {
                    return values.replace(key, expected, value);
                }

                @Override
                public boolean remove(String key) {
                    return values.remove(key) != null;
                }

                @Override
                public byte[] getBytes(String key) {
                    return null;
                }

                @Override
                public void putBytes(String key, byte[] bytes, Duration expires) {}
            }

            @Type("old-panel")
            public static final class Panel implements AdminPagesFactory<Nothing> {
                @Override
                public AdminPages create(Nothing config, ServiceContext context) {
                    return call -> new AdminPages.Answer(
                            200, Headers.of("content-type", "text/plain"), "old " + call.path());
                }
            }
        }
        """;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void eachKindOfTypeWorksAsBuiltThen() throws Exception {
        Path jar = SamplePlugin.against(oldest(), folder, "old", "1.0.0", OLD, "admin");
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start("""
                    services:
                      - {name: vault, old-vault: {}}
                      - {name: book, old-book: {url: "%s"}}
                      - {name: teller, old-teller: {}}
                      - {name: shelf, old-shelf: {}}
                      - {name: panel, old-panel: {}}
                    consumers:
                      - {name: ada, credentials: [{old-key: {key: "${secret:vault/ada}"}}]}
                    routes:
                      - {name: all, plugins: [{old: {store: shelf}}], upstream: back}
                    upstreams:
                      back: {discover: {service: {from: book, name: any}}}
                    """.formatted(upstream.address()))) {

            HttpResponse<String> stranger = get(gateway.address());
            HttpResponse<String> ada = get(gateway.address(), "x-key", "lovelace");

            assertThat(stranger.statusCode()).isEqualTo(401);
            assertThat(stranger.body()).contains("urn:old:key");
            assertThat(ada.statusCode()).isEqualTo(200);
            assertThat(ada.headers().firstValue("x-old")).hasValue("ada STRICT");
            assertThat(gateway.steps()).contains("\"known\"");
            assertThat(gateway.log()).anyMatch(line -> line.contains("began GET"));
        }
    }

    /** The class path of an author of that time: the released API, and what its jar has of others' besides. */
    private static String oldest() throws IOException {
        try (Stream<Path> released = Files.list(RELEASED)) {
            Path first = released.min(Comparator.comparing(Path::getFileName)).orElseThrow();
            String others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(each -> !each.contains("plugin-api"))
                    .collect(Collectors.joining(File.pathSeparator));
            return first + File.pathSeparator + others;
        }
    }

    private HttpResponse<String> get(URI address, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
