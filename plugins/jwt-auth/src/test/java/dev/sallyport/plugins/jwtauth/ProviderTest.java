package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The step against a provider over real sockets. */
final class ProviderTest {

    private static ECKey first;
    private static ECKey second;

    private final Provider provider = new Provider().with(first);
    private final FakeContext context = FakeContext.create();

    @BeforeAll
    static void makeKeys() throws Exception {
        first = Tokens.ecKey("first");
        second = Tokens.ecKey("second");
    }

    @AfterEach
    void close() {
        context.close();
        provider.close();
    }

    @Test
    void findsTheKeysByDiscovery() throws Exception {
        Filter filter = byDiscovery();

        Response response = send(filter, first);

        assertThat(response.status()).isEqualTo(200);
        assertThat(provider.asked()).containsExactly(Provider.METADATA, Provider.KEYS);
    }

    @Test
    void asksOnceForManyRequests() throws Exception {
        Filter filter = byDiscovery();

        for (int i = 0; i < 100; i++) {
            assertThat(send(filter, first).status()).isEqualTo(200);
        }

        assertThat(provider.asked()).containsExactly(Provider.METADATA, Provider.KEYS);
    }

    @Test
    void takesANewKeyWhenTheProviderHasChangedKeys() throws Exception {
        Filter filter = byDiscovery();
        send(filter, first);
        provider.with(second);

        Response taken = send(filter, second);
        Response old = send(filter, first);

        assertThat(taken.status()).isEqualTo(200);
        assertThat(old.status()).isEqualTo(401);
    }

    @Test
    void doesNotLetMadeUpKeyIdsCauseTraffic() throws Exception {
        Filter filter = byDiscovery();
        send(filter, first);

        for (int i = 0; i < 50; i++) {
            assertThat(send(filter, Tokens.ecKey("made-up-" + i)).status()).isEqualTo(401);
        }

        assertThat(provider.asked()).hasSize(2 * Keys.BURST);
    }

    @Test
    void doesNotAskForTokensOfOthers() throws Exception {
        Filter filter = byDiscovery();
        send(filter, first);
        context.clock().advance(Keys.PAUSE);

        send(filter, second, Tokens.claims("https://other.example.com"));

        assertThat(provider.asked()).hasSize(2);
    }

    @Test
    void servesOnWhileTheProviderIsDown() throws Exception {
        Filter filter = byDiscovery();
        send(filter, first);
        provider.close();
        context.clock().advance(Duration.ofMinutes(25));
        Map<String, Object> claims = claims();
        claims.put("exp", Tokens.NOW + 100_000);

        Response known = send(filter, first, claims);
        Response unknown = send(filter, second, claims);

        assertThat(known.status()).isEqualTo(200);
        assertThat(unknown.status()).isEqualTo(503);
    }

    @Test
    void answers503WhileTheProviderWasNeverThere() throws Exception {
        String issuer = provider.issuer();
        provider.close();
        Filter filter =
                context.create(new JwtAuthFactory(), Configs.of(issuer, null).build());

        Response response = send(filter, first);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"issuer\": \"https://evil.example.com\", \"jwks_uri\": \"%s/keys\"}",
                "{\"jwks_uri\": \"%s/keys\"}",
                "{\"issuer\": \"%1$s\"}",
                "{\"issuer\": \"%1$s\", \"jwks_uri\": \"file:///etc/passwd\"}",
                "{\"issuer\": \"%1$s\", \"jwks_uri\": 1}",
                "<html>"
            })
    void refusesMetadataThatAreNotTheIssuers(String metadata) throws Exception {
        provider.put(Provider.METADATA, metadata.formatted(provider.issuer()));

        assertThat(send(byDiscovery(), first).status()).isEqualTo(503);
        assertThat(provider.asked()).containsExactly(Provider.METADATA);
    }

    @Test
    void refusesAKeySetThatIsTooLarge() throws Exception {
        provider.put(Provider.KEYS, " ".repeat(KeySource.MOST_BYTES) + new JWKSet(first.toPublicJWK()));

        assertThat(send(byDiscovery(), first).status()).isEqualTo(503);
    }

    @Test
    void takesTheKeysFromAFileAndSeesThatItChanged(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, new JWKSet(first.toPublicJWK()).toString());
        Filter filter = context.create(new JwtAuthFactory(), fromFile(file));

        Response known = send(filter, first);
        Files.writeString(file, new JWKSet(second.toPublicJWK()).toString());
        context.clock().advance(Keys.PAUSE);
        Response added = send(filter, second);

        assertThat(known.status()).isEqualTo(200);
        assertThat(added.status()).isEqualTo(200);
        assertThat(provider.asked()).isEmpty();
    }

    @Test
    void refusesAFileThatHasNoKeys(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.json"), "{\"keys\":[]}");

        for (Path file : new Path[] {empty, folder.resolve("missing.json")}) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> context.create(new JwtAuthFactory(), fromFile(file)))
                    .returns("jwks", ConfigException::key)
                    .withMessageContaining(file.toString());
        }
    }

    @Test
    void warnsOfKeysThatComeWithoutTls() {
        byDiscovery();

        assertThat(context.log()).anyMatch(line -> line.startsWith("WARNING") && line.contains("without TLS"));
    }

    private Filter byDiscovery() {
        return context.create(
                new JwtAuthFactory(), Configs.of(provider.issuer(), null).build());
    }

    private JwtAuthConfig fromFile(Path file) {
        return Configs.of(provider.issuer(), new Jwks(null, file)).build();
    }

    private Response send(Filter filter, ECKey key) throws Exception {
        return send(filter, key, claims());
    }

    private static Response send(Filter filter, ECKey key, Map<String, Object> claims) throws Exception {
        return filter.handle(
                Requests.get("/")
                        .header("authorization", "Bearer " + Tokens.signed(key, claims))
                        .build(),
                FakeNext.ok());
    }

    private Map<String, Object> claims() {
        return Tokens.claims(provider.issuer());
    }
}
