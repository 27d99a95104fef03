package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One step that takes tokens of several issuers, each over real sockets. */
final class SeveralIssuersTest {

    private static ECKey ours;
    private static ECKey partners;

    private final Provider home = new Provider().with(ours);
    private final Provider partner = new Provider().with(partners);
    private final FakeContext context = FakeContext.create();

    @BeforeAll
    static void makeKeys() throws JOSEException {
        // The same id: what is whose is told by the issuer alone.
        ours = Tokens.ecKey("k1");
        partners = Tokens.ecKey("k1");
    }

    @AfterEach
    void close() {
        context.close();
        home.close();
        partner.close();
    }

    @Test
    void namesTheCallersOfEachIssuerApart() throws Exception {
        Filter filter = filter(new Issuer(partner.issuer(), List.of(), null, null));

        assertThat(caller(filter, ours, home.issuer(), "shop")).isEqualTo(new Consumer("alice"));
        assertThat(caller(filter, partners, partner.issuer(), "shop"))
                .isEqualTo(new Consumer(partner.issuer() + "#alice"));
    }

    @Test
    void takesFromEachIssuerOnlyWhatItsOwnKeysHaveSigned() throws Exception {
        Filter filter = filter(new Issuer(partner.issuer(), List.of(), null, ""));

        assertThat(caller(filter, partners, home.issuer(), "shop")).isNull();
        assertThat(caller(filter, ours, partner.issuer(), "shop")).isNull();
        assertThat(caller(filter, partners, "https://other.example.com", "shop"))
                .isNull();
    }

    @Test
    void asksEachIssuersTokensForItsOwnAudience() throws Exception {
        Filter filter = filter(new Issuer(partner.issuer(), List.of("shop-partners"), null, "p:"));

        assertThat(caller(filter, partners, partner.issuer(), "shop-partners")).isEqualTo(new Consumer("p:alice"));
        assertThat(caller(filter, partners, partner.issuer(), "shop")).isNull();
        assertThat(caller(filter, ours, home.issuer(), "shop-partners")).isNull();
    }

    @Test
    void servesOneIssuersTokensWhileAnotherIsDown() throws Exception {
        partner.close();
        Filter filter = filter(new Issuer(partner.issuer(), List.of(), null, ""));

        Response known = send(filter, ours, home.issuer(), "shop", FakeExchange.create());
        Response unknown = send(filter, partners, partner.issuer(), "shop", FakeExchange.create());

        assertThat(known.status()).isEqualTo(200);
        assertThat(unknown.status()).isEqualTo(503);
    }

    @Test
    void namesThePlaceOfAKeyFileThatIsMissing() {
        Issuer missing = new Issuer("partner", List.of(), new Jwks(null, Path.of("missing.json")), null);

        Assertions.assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> filter(missing))
                .returns("also[0].jwks", ConfigException::key);
    }

    private Filter filter(Issuer other) {
        return context.create(
                new JwtAuthFactory(),
                Configs.of(home.issuer(), null).also(other).build());
    }

    private static @Nullable Consumer caller(Filter filter, ECKey key, String issuer, String audience)
            throws Exception {
        FakeExchange exchange = FakeExchange.create();
        send(filter, key, issuer, audience, exchange);
        return exchange.consumer();
    }

    private static Response send(Filter filter, ECKey key, String issuer, String audience, FakeExchange exchange)
            throws Exception {
        Map<String, Object> claims = Tokens.claims(issuer);
        claims.put("aud", audience);
        return filter.handle(
                Requests.get("/")
                        .header("authorization", "Bearer " + Tokens.signed(key, claims))
                        .exchange(exchange)
                        .build(),
                FakeNext.ok());
    }
}
