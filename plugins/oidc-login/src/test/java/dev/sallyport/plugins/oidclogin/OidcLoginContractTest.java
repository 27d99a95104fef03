package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.Requests;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class OidcLoginContractTest extends FilterContract {

    private static final ManualClock CLOCK = new ManualClock();

    private static TestProvider provider;
    private static String cookie;

    @BeforeAll
    static void logIn() throws Exception {
        CLOCK.set(Instant.now());
        provider = new TestProvider();
        try (FakeContext context = FakeContext.builder().clock(CLOCK).build()) {
            Browser browser = new Browser(context.create(
                    new OidcLoginFactory(), Configs.of(provider.issuer()).build()));
            browser.logIn(provider, "/");
            cookie = "__Host-session=" + browser.cookies.get("__Host-session");
        }
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    @Override
    protected FakeContext context() {
        return FakeContext.builder().clock(CLOCK).build();
    }

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new OidcLoginFactory(), Configs.of(provider.issuer()).build());
    }

    @Override
    protected Requests.Builder passing() {
        return super.passing().header("cookie", cookie);
    }

    @Override
    protected FakeExchange.Builder exchange() {
        return super.exchange().scheme("https");
    }
}
