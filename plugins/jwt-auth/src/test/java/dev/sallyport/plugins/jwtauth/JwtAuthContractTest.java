package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;

final class JwtAuthContractTest extends FilterContract {

    private static ECKey key;
    private static String token;

    @BeforeAll
    static void makeToken() throws JOSEException {
        key = Tokens.ecKey("k");
        token = Tokens.signed(key, Tokens.claims());
    }

    @Override
    protected Filter create(FakeContext context) throws Exception {
        Path file = context.dataFolder().resolve("keys.json");
        Files.writeString(file, new JWKSet(key.toPublicJWK()).toString());
        return context.create(
                new JwtAuthFactory(),
                Configs.of(Tokens.ISSUER, new Jwks(null, file)).build());
    }

    @Override
    protected Requests.Builder passing() {
        return super.passing().header("authorization", "Bearer " + token);
    }
}
