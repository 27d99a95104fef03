package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many steps and one provider: its keys are fetched once, and let go with the last of them. */
final class SharedKeysTest {

    private static ECKey key;

    private final Provider provider = new Provider().with(key);
    private final FakeContext one = FakeContext.create();
    private final FakeContext other = one.sibling("other", "auth");

    @BeforeAll
    static void makeKey() throws JOSEException {
        key = Tokens.ecKey("k1");
    }

    @AfterEach
    void close() {
        other.close();
        one.close();
        provider.close();
    }

    private Configs settings() {
        return Configs.of(provider.issuer(), null);
    }

    private int status(Filter filter) throws Exception {
        String token = Tokens.signed(key, Tokens.claims(provider.issuer()));
        return filter.handle(
                        Requests.get("/")
                                .header("authorization", "Bearer " + token)
                                .build(),
                        FakeNext.ok())
                .status();
    }

    @Test
    void keysAreFetchedOnceForAllStepsThatAgree() throws Exception {
        Filter first = one.create(new JwtAuthFactory(), settings().build());
        Filter second =
                other.create(new JwtAuthFactory(), settings().scopes("read").build());

        assertThat(status(first)).isEqualTo(200);
        assertThat(status(second)).isEqualTo(403);
        assertThat(provider.asked()).hasSize(2); // the metadata and the keys
        assertThat(one.openLeases()).isEqualTo(1);
    }

    @Test
    void stepsThatKeepKeysForAnotherTimeHaveTheirOwn() throws Exception {
        one.create(new JwtAuthFactory(), settings().build());
        other.create(
                new JwtAuthFactory(), settings().staleFor(Duration.ofHours(1)).build());

        assertThat(one.openLeases()).isEqualTo(2);
    }

    @Test
    void keysOutliveTheStepThatFetchedThemAndGoWithTheLast() throws Exception {
        Filter second;
        try (FakeContext gone = one.sibling("gone", "auth")) {
            Filter first = gone.create(new JwtAuthFactory(), settings().build());
            second = other.create(new JwtAuthFactory(), settings().build());
            assertThat(status(first)).isEqualTo(200);
        }

        assertThat(status(second)).isEqualTo(200);
        assertThat(provider.asked()).hasSize(2);
        other.close();
        assertThat(one.openLeases()).isZero();
    }
}
