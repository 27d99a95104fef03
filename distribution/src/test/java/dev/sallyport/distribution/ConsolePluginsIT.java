package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static com.microsoft.playwright.options.AriaRole.ROW;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Plugins on the console, in a browser: jars, marketplaces, canaries. */
final class ConsolePluginsIT {

    @AutoClose
    private final EchoServer backend = new EchoServer();

    @Test
    void aJarIsInstalledByChoosingIt() {
        String config =
                ConsoleGateway.config("api", backend.address()).replace("admin: {", "admin: {pluginUpload: any, ");
        try (Product product = ConsoleGateway.product(config);
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().click(LINK, "Plugins").sees("key-auth");
            user.page()
                    .getByLabel("Jar of a plugin")
                    .setInputFiles(PluginJars.step("test/stamp", "1.0.0", "return next.proceed(request);"));
            user.sees("steps would be made anew").inspect("install");
            user.click(BUTTON, "Install").sees("is installed");

            user.fill("Find plugins", "test-stamp").click(BUTTON, "test-stamp").sees("SHA-256");
            user.inspect("plugin");
            user.click(BUTTON, "Remove").sees("stay").click(BUTTON, "Do it").sees("Remove: done");
            assertThat(user.complaints()).isEmpty();
        }
    }

    @Test
    void aCanaryIsComparedAsItRunsAndDecided() {
        String config = Product.web("""
            services: [{name: console, console: {}}]
            routes:
              - name: hello
                match: {paths: [/hello]}
                plugins:
                  - respond: {body: old}
                    canary: {config: {body: new}, share: 50%, when: {headers: {x-canary: "1"}}}
            """);
        try (Product product = ConsoleGateway.product(config);
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().click(LINK, "Plugins").sees("hello/respond").sees("undecided");
            for (int i = 0; i < 40; i++) {
                assertThat(product.client().status("/hello", "x-canary", "1")).isEqualTo(200);
            }
            Locator trial = user.page().getByRole(ROW).filter(new Locator.FilterOptions().setHasText("on trial"));
            trial.filter(new Locator.FilterOptions().setHasText("40")).waitFor();
            user.inspect("canary");

            user.click(BUTTON, "Promote").sees("takes all requests").sees("promoted");
            assertThat(product.client().get("/hello").body()).isEqualTo("new");
            assertThat(user.complaints()).isEmpty();
        }
    }

    @Test
    void aPluginIsFoundInAMarketplaceInstalledAndUpgraded() throws IOException {
        try (TestMarket market = TestMarket.make()) {
            market.publish(PluginJars.step("acme/stamp", "1.0.0", "return next.proceed(request);"));
            String config = Product.web("services: [{name: console, console: {}}]\n" + market.trust() + "routes: []\n")
                    .replace("admin: {", "admin: {pluginUpload: trusted, ");
            try (Product product = ConsoleGateway.product(config);
                    ConsoleUser user = ConsoleUser.at(product)) {
                user.login()
                        .counted()
                        .click(LINK, "Plugins")
                        .click(LINK, "Marketplaces")
                        .sees("not asked yet");
                user.click(BUTTON, "Ask the marketplaces")
                        .click(BUTTON, "acme-stamp")
                        .sees("1.0.0");
                user.click(BUTTON, "Install 1.0.0")
                        .sees("asks for no permissions")
                        .inspect("market-install");
                user.click(BUTTON, "Install").sees("acme-stamp 1.0.0 serves");
                assertThat(user.clicks()).isLessThanOrEqualTo(8);

                market.publish(PluginJars.step("acme/stamp", "1.1.0", "return next.proceed(request);"));
                user.open("market")
                        .click(BUTTON, "Ask the marketplaces")
                        .sees("1.1.0")
                        .inspect("market");
                user.open("plugins").sees("1.1.0 is there");
                user.fill("Find plugins", "acme-stamp").click(LINK, "1.1.0 is there");
                user.click(BUTTON, "Upgrade to 1.1.0").sees("The publisher acme has signed it");
                user.click(BUTTON, "Install").sees("acme-stamp 1.1.0 serves");

                market.say("{\"plugins\": {\"acme-stamp\": {\"deprecated\": \"use another\", \"advisories\": [{\"id\":"
                        + " \"ACME-1\", \"severity\": \"high\", \"summary\": \"washed off\", \"affected\":"
                        + " \"<=1.1.0\"}]}}}");
                user.open("market")
                        .click(BUTTON, "Ask the marketplaces")
                        .sees("an advisory")
                        .sees("deprecated");
                user.click(BUTTON, "acme-stamp").sees("washed off").inspect("market-advisory");

                market.goesDown();
                user.open("market").click(BUTTON, "Ask the marketplaces").sees("cannot be fetched");
                user.sees("acme-stamp").inspect("market-down");
                user.open("security").sees("installFromMarket");
                assertThat(user.complaints()).isEmpty();
            }
        }
    }
}
