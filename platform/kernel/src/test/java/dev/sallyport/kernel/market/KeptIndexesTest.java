package dev.sallyport.kernel.market;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Sha256;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.marketplace.Index;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index is read once, until it or the trust in it changes. */
final class KeptIndexesTest {

    @TempDir
    private Path temp;

    private final KeptIndexes indexes = new KeptIndexes();
    private Fixture fixture;
    private TrustConfig trust;

    @BeforeEach
    void publish() throws Exception {
        fixture = new Fixture(temp);
        Path site = fixture.publish("shop", Fixture.SHOP, fixture.jar("acme-stamp", "1.0.0", Fixture.ACME));
        trust = Fixture.trust(Fixture.market("shop", site.toString(), Fixture.SHOP));
        ask();
    }

    private void ask() throws Exception {
        try (Marketplaces markets = fixture.open(trust)) {
            markets.named("shop").index();
        }
    }

    private Index kept(TrustConfig whom) throws Exception {
        try (Marketplaces markets = fixture.open(whom, indexes)) {
            return markets.named("shop").kept();
        }
    }

    @Test
    void isReadOnceForAllWhoLook() throws Exception {
        assertThat(kept(trust)).isNotNull().isSameAs(kept(trust));
    }

    @Test
    void isReadAgainWhenAnotherOneWasFetched() throws Exception {
        assertThat(kept(trust).version()).isEqualTo(1);
        fixture.publish("shop", Fixture.SHOP, fixture.jar("acme-stamp", "1.1.0", Fixture.ACME));
        assertThat(kept(trust).version()).as("nobody has asked yet").isEqualTo(1);

        ask();

        assertThat(kept(trust).version()).isEqualTo(2);
    }

    @Test
    void isBelievedNoMoreWhenItsKeyIsRevoked() throws Exception {
        assertThat(kept(trust)).isNotNull();

        TrustConfig revoked = Fixture.trust(
                List.of(new Sha256(Fixture.SHOP.publicKey().id())),
                trust.marketplaces().toArray(new TrustConfig.MarketplaceConfig[0]));

        assertThat(kept(revoked)).isNull();
    }
}
