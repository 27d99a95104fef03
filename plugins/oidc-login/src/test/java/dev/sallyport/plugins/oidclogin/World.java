package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;

/** A provider, and what the gateway lends; its clock begins now, since the provider's tokens are of now. */
abstract class World {

    final TestProvider provider = new TestProvider();
    final ManualClock clock = new ManualClock();
    private final FakeContext owner;
    final LentStore store;
    final FakeContext context;

    World() {
        clock.set(Instant.now());
        owner = FakeContext.builder().clock(clock).build();
        store = new LentStore(owner.store("memory"));
        context = FakeContext.builder().clock(clock).store("memory", store).build();
    }

    @AfterEach
    final void end() {
        context.close();
        owner.close();
        provider.close();
    }

    final Configs config() {
        return Configs.of(provider.issuer());
    }

    final Filter filter(Configs config) {
        return context.create(new OidcLoginFactory(), config.build());
    }

    final Browser browser(Configs config) {
        return new Browser(filter(config));
    }

    final Browser browser() {
        return browser(config());
    }

    /** A browser that has logged in. */
    final Browser loggedIn(Configs config) throws Exception {
        Browser browser = browser(config);
        assertThat(browser.logIn(provider, "/").status()).isEqualTo(303);
        return browser;
    }

    final void pass(Duration time) {
        clock.advance(time);
    }

    static void assertProblem(Response response, int status, String type) throws IOException {
        assertThat(response.body().text(10_000)).contains("urn:sallyport:problem:" + type);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("cache-control")).isEqualTo("no-store");
    }

    static void assertLedToLogin(Response response) {
        assertThat(response.status()).isEqualTo(303);
        assertThat(Browser.location(response).getPath()).isEqualTo("/authorize");
    }
}
