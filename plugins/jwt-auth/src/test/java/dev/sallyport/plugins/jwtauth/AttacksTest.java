package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No token of {@link Attacks} opens anything, each says why, and no provider is asked for what an attacker wrote. */
final class AttacksTest {

    private static Provider provider;
    private static Attacks attacks;
    private static FakeContext context;
    private static Filter filter;

    private final FakeExchange exchange = FakeExchange.create();
    private final FakeNext next = FakeNext.ok();

    @BeforeAll
    static void start() throws JOSEException {
        provider = new Provider();
        attacks = new Attacks(provider.url("/evil").toString());
        provider.with(attacks.published()).put("/evil", attacks.attackers().toString());
        context = FakeContext.create();
        Configs config = Configs.of(Tokens.ISSUER, new Jwks(provider.url(Provider.KEYS), null));
        filter = context.create(new JwtAuthFactory(), config.build());
    }

    @AfterAll
    static void stop() {
        context.close();
        provider.close();
    }

    static List<Attack> attacks() throws JOSEException {
        return attacks.all();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefused(Attack attack) throws Exception {
        Response response = send(attack.token());

        assertThat(response.status()).as(attack.name()).isEqualTo(401);
        assertThat(response.headers().all("www-authenticate"))
                .as(attack.name())
                .containsExactly(
                        "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"" + attack.why() + "\"");
        assertThat(response.body().text(1_000))
                .contains("\"type\":\"urn:sallyport:problem:token-invalid\"")
                .contains("\"detail\":\"" + attack.why() + "\"");
        assertThat(exchange.notes()).containsEntry("refused", attack.why());
        assertThat(exchange.consumer()).isNull();
        assertThat(next.calls()).isZero();
        assertThat(provider.asked()).containsOnly(Provider.KEYS);
    }

    /** The control: what the attacks vary is accepted, so that it is what they change which is refused. */
    @Test
    void acceptsWhatTheAttacksVary() throws Exception {
        assertThat(send(attacks.valid()).status()).isEqualTo(200);
    }

    private Response send(String token) throws Exception {
        return filter.handle(
                Requests.get("/")
                        .header("authorization", "Bearer " + token)
                        .exchange(exchange)
                        .build(),
                next);
    }
}
