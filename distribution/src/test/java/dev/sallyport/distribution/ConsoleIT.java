package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static com.microsoft.playwright.options.AriaRole.LISTITEM;
import static com.microsoft.playwright.options.AriaRole.REGION;
import static com.microsoft.playwright.options.AriaRole.ROW;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The console as people use it: in a browser, by what they see. Pictures are under {@code target/screenshots}. */
final class ConsoleIT {

    private static final int MOST_CLICKS = 8;
    private static final int MOST_BYTES = 120 << 10;

    private static final Map<String, String> PAGES = Map.of(
            "", "Overview",
            "map", "Traffic map",
            "routes", "Routes",
            "routes/orders", "orders",
            "requests", "Requests",
            "try", "Test request",
            "plugins", "Plugins",
            "consumers", "Consumers",
            "security", "Security",
            "history", "History");

    private final EchoServer backend = new EchoServer();

    @AfterEach
    void stop() {
        backend.close();
    }

    private String config(String source) {
        return Product.web("""
            source: %s
            services: [{name: console, console: {}}]
            consumers:
              - {name: ada, groups: [staff], credentials: [{key-auth: {id: k1, hash: "sha256:%s"}}]}
            routes:
              - name: orders
                match: {paths: ["/orders/**"]}
                plugins: [{headers: {response: {set: {x-a: b}}}}]
                upstream: "%s"
              - {name: closed, match: {paths: ["/closed/**"]}, plugins: [{key-auth: {}}], upstream: "%s"}
            """.formatted(source, "ab".repeat(32), backend.address(), backend.address()));
    }

    private Product product(String source) {
        return Product.with(config(source)).heap("256m").start();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void everyPageIsShownToEverybody(ColorScheme colours) {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product, colours, 1360)) {
            String suffix = "-" + colours.name().toLowerCase(Locale.ROOT);
            user.sees("Log in").inspect("login" + suffix);
            user.login();
            product.client().get("/orders/1");
            product.client().get("/closed/1");
            PAGES.forEach((path, title) -> {
                user.open(path).sees(title);
                if (path.isEmpty()) {
                    user.sees("%");
                }
                user.inspect((path.isEmpty() ? "overview" : path.replace('/', '-')) + suffix);
            });
            assertThat(user.complaints()).isEmpty();
        }
    }

    @Test
    void isReadOnAPhone() {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product, ColorScheme.LIGHT, 360)) {
            user.login();
            PAGES.forEach((path, title) -> {
                user.open(path).sees(title);
                user.inspect("phone-" + (path.isEmpty() ? "overview" : path.replace('/', '-')));
                Object wider = user.page().evaluate("() => document.documentElement.scrollWidth > innerWidth");
                assertThat(wider).as(path + " is wider than the screen").isEqualTo(false);
            });
        }
    }

    @Test
    void aRouteIsAddedLimitedWatchedAndTakenBack() {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login();

            addRoute(user);
            assertThat(user.clicks()).as("add a route").isLessThanOrEqualTo(MOST_CLICKS);
            assertThat(product.client().status("/shop/1")).isEqualTo(200);

            putALimitOnIt(user);
            assertThat(user.clicks()).as("put a limit on it").isLessThanOrEqualTo(MOST_CLICKS);

            user.counted().click(LINK, "Test request").click(BUTTON, "Send").sees("200");
            user.click(BUTTON, "Send").sees("429");
            user.inspect("try-limited");
            assertThat(user.clicks()).as("see it bite").isLessThanOrEqualTo(MOST_CLICKS);

            user.open("routes/shop").sees("rate-limit");
            user.counted().click(BUTTON, "Monitor").click(BUTTON, "Review").sees("monitor");
            user.click(BUTTON, "Apply").sees("generation 4 serves");
            assertThat(user.clicks()).as("switch it to monitor").isLessThanOrEqualTo(MOST_CLICKS);
            assertThat(product.client().status("/shop/1")).isEqualTo(200);
            assertThat(product.client().status("/shop/1")).isEqualTo(200);

            user.counted().click(LINK, "History").sees("Generation 4");
            user.click(BUTTON, "Go back to 1").click(BUTTON, "Go back").sees("serves, as 1 did");
            assertThat(user.clicks()).as("roll back").isLessThanOrEqualTo(MOST_CLICKS);
            assertThat(product.client().status("/shop/1")).isEqualTo(404);

            assertThat(user.complaints()).isEmpty();
            user.open("security").sees("console:");
        }
    }

    private void addRoute(ConsoleUser user) {
        user.counted().click(LINK, "Routes").click(BUTTON, "New route");
        user.fill("Name", "shop")
                .fill("Paths", "/shop/**")
                .fill("Upstream", backend.address().toString());
        user.inspect("new-route");
        user.click(BUTTON, "Review").sees("shop");
        user.fill("Message", "a shop").inspect("new-route-plan");
        user.click(BUTTON, "Apply").sees("Upstream http");
    }

    private static void putALimitOnIt(ConsoleUser user) {
        user.counted().click(BUTTON, "Add a step");
        user.fill("Find a type of step", "rate-limit").press("Enter");
        user.fill("YAML", "limit: 1/m\n").inspect("step");
        user.click(BUTTON, "Add").click(BUTTON, "Review").sees("rate-limit");
        user.click(BUTTON, "Apply").sees("generation 3 serves");
    }

    @Test
    void whyARequestFailedIsFound() {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login();
            product.client().get("/closed/secret-shelf");

            user.counted().click(LINK, "Requests").sees("/closed/secret-shelf");
            user.fill("Status", "failed");
            user.page()
                    .getByRole(ROW)
                    .filter(new Locator.FilterOptions().setHasText("/closed/secret-shelf"))
                    .click();
            user.sees("key-auth of").inspect("request");

            assertThat(user.clicks() + 1).isLessThanOrEqualTo(MOST_CLICKS);
        }
    }

    @Test
    void whereFilesOwnTheConfigurationAChangeIsAPatchToPaste() {
        try (Product product = product("files");
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login();
            user.counted().click(LINK, "Routes").click(BUTTON, "New route");
            user.fill("Name", "shop").fill("Paths", "/shop/**");
            user.fill("Upstream", backend.address().toString()).click(BUTTON, "Review");
            user.sees("The files own this configuration").sees("name: shop, match:");
            user.inspect("patch");

            assertThat(user.clicks()).isLessThanOrEqualTo(MOST_CLICKS);
            assertThat(product.client().status("/shop/1")).isEqualTo(404);
        }
    }

    @Test
    void nothingThatWasTypedIsLostWhenTheGatewayRestarts() {
        int port = Ports.free();
        String config = config("api")
                .replace("admin: {address: \"127.0.0.1:0\"}", "admin: {address: \"127.0.0.1:" + port + "\"}");
        Product product = Product.with(config).heap("256m").start();
        try (ConsoleUser user = ConsoleUser.at(product)) {
            user.login().open("routes").click(BUTTON, "New route");
            user.fill("Name", "half").fill("Paths", "/half/**");

            product.stop();
            user.click(BUTTON, "Review").sees("does not answer");
            user.shoot("away");
            product = product.again();
            user.sees("Log in again");
            user.fill("Admin token", user.token()).click(BUTTON, "Log in");

            user.seesNoMore("Log in again");
            // What was asked for meanwhile comes now: the plan, and behind it the form as it was.
            user.sees("route half").click(BUTTON, "Not yet");
            assertThat(user.typed("Name")).isEqualTo("half");
            assertThat(user.typed("Paths")).isEqualTo("/half/**");
            user.sees("Connected");
        } finally {
            product.close();
        }
    }

    @Test
    void aKeyIsShownOnceAndNothingSecretIsKept() {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().click(LINK, "Consumers").click(BUTTON, "ada").click(BUTTON, "New key");
            user.click(BUTTON, "Make the key").click(BUTTON, "Apply").sees("This key is shown once.");
            String key = user.one(REGION, "Key").innerText().strip();
            user.inspect("key");
            assertThat(product.client().with("x-api-key", key).status("/closed/1"))
                    .isEqualTo(200);

            user.click(BUTTON, "I have it");
            assertThat(user.page().content()).doesNotContain(key).doesNotContain(user.token());
            assertThat(user.stored()).doesNotContain(key).doesNotContain(user.token());
            user.page().reload();
            user.sees("Consumers");
            assertThat(user.page().content()).doesNotContain(key);
        }
    }

    @Test
    void aStepIsMovedByKeyboardAndByDragging() {
        String config =
                config("api").replace("{headers: {response", "{ip-list: {allow: [127.0.0.1]}}, {headers: {response");
        try (Product product = Product.with(config).heap("256m").start();
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().open("routes/orders").sees("ip-list");
            Locator second = user.one(LISTITEM, "Step 2: headers");
            second.focus();
            user.press("Alt+ArrowUp");
            user.one(LISTITEM, "Step 1: headers").waitFor();
            user.one(LISTITEM, "Step 1: headers").dragTo(user.one(LISTITEM, "Step 2: ip-list"));
            user.one(LISTITEM, "Step 1: ip-list").waitFor();
            user.press("Alt+ArrowDown");
            user.click(BUTTON, "Move ip-list down").click(BUTTON, "Review").sees("moved");
        }
    }

    @Test
    void aJarIsInstalledByChoosingIt() {
        String config = config("api").replace("admin: {", "admin: {pluginUpload: any, ");
        try (Product product = Product.with(config).heap("256m").start();
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
    void everythingIsFoundByKeyboard() {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login()
                    .press("/")
                    .fill("Name of a page, route, upstream, plugin, consumer, or the id of a request", "closed");
            user.sees("Route").inspect("palette");
            user.press("Enter").sees("key-auth");
            user.press("g").press("h").sees("Generation 1");
            user.press("?").sees("This list").inspect("keys");
            user.press("Escape");
            user.press("Tab");
            assertThat(user.clicks()).isZero();
        }
    }

    @Test
    void theFirstLoadIsSmallAndOfThisHostAlone() {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product)) {
            user.sees("Log in");
            Object bytes = user.page()
                    .evaluate("() =>"
                                  + " performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).reduce((sum,"
                                  + " one) => sum + one.transferSize, 0)");
            Object others = user.page()
                    .evaluate("() => performance.getEntriesByType('resource')"
                            + ".filter(one => !one.name.startsWith(location.origin)).map(one => one.name)");

            System.out.printf("first load: %s bytes%n", bytes);
            assertThat(((Number) bytes).intValue()).isPositive().isLessThan(MOST_BYTES);
            assertThat((List<?>) others).isEmpty();
        }
    }

    @Test
    void aFailedLoginIsSaidAndStandsInTheLog() {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product)) {
            user.fill("Admin token", "guessed").click(BUTTON, "Log in").sees("no token of the admin API");
            user.inspect("login-refused");
            user.login().click(LINK, "Security").sees("refused").sees("nobody");
            assertThat(user.text()).doesNotContain("guessed");
        }
    }

    @Test
    void requestsAreTakenAlongAsAFile() throws IOException {
        try (Product product = product("api");
                ConsoleUser user = ConsoleUser.at(product)) {
            product.client().get("/orders/7");
            user.login().click(LINK, "Requests").sees("/orders/7");
            Download file = user.page().waitForDownload(() -> user.click(BUTTON, "CSV"));
            Path saved = product.home().resolve("requests.csv");
            file.saveAs(saved);
            assertThat(Files.readString(saved)).startsWith("at,id,method,path").contains("/orders/7");

            user.fill("Path", "/orders/*").click(BUTTON, "Save view").fill("Name of the view", "orders");
            user.click(BUTTON, "Save").page().reload();
            assertThat(user.sees("/orders/7").stored()).contains("orders").doesNotContain(user.token());
        }
    }

    @Test
    void tenThousandRoutesAreAsQuickToFind() {
        String routes = IntStream.range(0, 10_000)
                .mapToObj(n ->
                        "  - {name: r%d, match: {paths: [/r%d]}, plugins: [{respond: {body: x}}]}\n".formatted(n, n))
                .collect(Collectors.joining());
        String config = Product.web("services: [{name: console, console: {}}]\nroutes:\n" + routes);
        try (Product product = Product.with(config).heap("768m").start();
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().click(LINK, "Routes").sees("10,000");
            user.fill("Find routes", "r9999").click(LINK, "r9999").sees("respond");
            user.inspect("many-route");
            user.open("routes").sees("10,000").inspect("many-routes");
            user.open("map").sees("Traffic map").inspect("many-map");
            user.open("").sees("Overview");
            product.client().get("/r5");
            user.sees("r5");
            assertThat(user.complaints()).isEmpty();
        }
    }
}
