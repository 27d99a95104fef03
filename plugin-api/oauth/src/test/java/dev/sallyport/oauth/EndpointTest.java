package dev.sallyport.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.api.Json;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {

    private final ManualClock clock = new ManualClock();
    private final FakeContext context = FakeContext.builder().clock(clock).build();
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/openid-configuration", exchange -> {
            byte[] body = Json.write(metadata).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        metadata.put("issuer", issuer());
        metadata.put("token_endpoint", issuer() + "/token");
        metadata.put("introspection_endpoint", issuer() + "/introspect");
        metadata.put("response_types_supported", List.of("code"));
    }

    @AfterEach
    void stop() {
        context.close();
        server.stop(0);
    }

    private String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Endpoint found(String name) {
        return Endpoint.of(
                null, issuer(), name, "anybody reads", new Sender(context.http(), Duration.ofSeconds(5)), context);
    }

    @Test
    void isTheOneThatIsConfigured() throws Exception {
        URI configured = URI.create("https://id.example.com/token");

        Endpoint endpoint = Endpoint.of(
                configured,
                "https://accounts.example.com",
                "token_endpoint",
                "",
                new Sender(context.http(), Duration.ofSeconds(5)),
                context);

        assertThat(endpoint.find()).isEqualTo(configured);
    }

    @ParameterizedTest
    @CsvSource({"token_endpoint, /token", "introspection_endpoint, /introspect"})
    void isFoundByTheProvidersMetadata(String name, String path) throws Exception {
        assertThat(found(name).find()).hasToString(issuer() + path);
    }

    @Test
    void isFoundAgainAfterAnHourAndServesOnWhereItCannotBe() throws Exception {
        Endpoint endpoint = found("token_endpoint");
        URI first = endpoint.find();
        metadata.put("token_endpoint", issuer() + "/moved");

        assertThat(endpoint.find()).isEqualTo(first);
        clock.advance(Duration.ofHours(1));
        assertThat(endpoint.find()).hasToString(issuer() + "/moved");
        status = 500;
        clock.advance(Duration.ofHours(1));
        assertThat(endpoint.find()).hasToString(issuer() + "/moved");
    }

    @ParameterizedTest
    @CsvSource({"issuer, https://evil.example.com", "token_endpoint, ftp://id.example.com/token", "token_endpoint,"})
    void isNotFoundInMetadataThatCannotBeUsed(String name, String value) {
        metadata.put(name, value);
        if (value == null) {
            metadata.remove(name);
        }

        assertThatExceptionOfType(ProviderUnavailableException.class)
                .isThrownBy(found("token_endpoint")::find)
                .withMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource({
        "https://id.example.com, https://id.example.com/.well-known/openid-configuration",
        "https://id.example.com/, https://id.example.com/.well-known/openid-configuration",
        "https://id.example.com/realms/shop, https://id.example.com/realms/shop/.well-known/openid-configuration",
    })
    void isLookedForUnderTheIssuer(String issuer, String document) {
        assertThat(Urls.metadata(issuer)).hasToString(document);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id.example.com", "ftp://id.example.com", "https://a.b/?x", "https://a.b/#x", "a b"})
    void isNotLookedForWhereNothingCanBe(String issuer) {
        assertThat(Urls.isIssuer(issuer)).isFalse();
    }

    @Test
    void isNotTakenWithoutTlsFromWhatWasToldByIt() {
        URI told = URI.create("https://id.example.com/x");

        assertThat(Urls.isDowngrade(told, URI.create("http://id.example.com/token")))
                .isTrue();
        assertThat(Urls.isDowngrade(told, told)).isFalse();
        assertThat(Urls.isDowngrade(URI.create("http://id.example.com/x"), told))
                .isFalse();
    }
}
