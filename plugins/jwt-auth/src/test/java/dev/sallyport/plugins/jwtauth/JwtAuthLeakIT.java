package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class JwtAuthLeakIT extends PluginLeakTest {

    private final Provider provider = new Provider();
    private List<JWK> keys;

    @BeforeEach
    void makeKeys() throws JOSEException {
        keys = List.of(Tokens.ecKey("e"), Tokens.rsaKey("r"));
        provider.with(keys.stream().map(JWK::toPublicJWK).toArray(JWK[]::new));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{jwt-auth: {issuer: "%1$s", audience: shop}}], upstream: "%2$s"}
              - name: shares-the-keys-of-the-other
                match: {paths: [/other]}
                plugins: [{jwt-auth: {issuer: "%1$s", audience: other}}]
                upstream: "%2$s"
            """.formatted(provider.issuer(), upstream.address());
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        super.breakWhatItNeeds(upstream);
        provider.close();
    }

    @Override
    protected void serveWithoutIt(TestGateway gateway) throws JOSEException {
        String token = Tokens.signed(keys.getFirst(), Tokens.claims(provider.issuer()));
        gateway.get("/", "authorization", "Bearer " + token);
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) throws JOSEException {
        Map<String, Object> claims = Tokens.claims(provider.issuer());
        claims.put("exp", Instant.now().getEpochSecond() + 300);
        for (JWK key : keys) {
            assertThat(gateway.get("/", "authorization", "Bearer " + Tokens.signed(key, claims))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(gateway.get("/", "authorization", "Bearer nonsense").statusCode())
                .isEqualTo(401);
    }
}
