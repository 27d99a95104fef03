package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every page of the console is held to, in a browser. Pictures are under {@code target/screenshots}. */
final class ConsoleShownIT {

    private static final int MOST_BYTES = 120 << 10;

    private static final Map<String, String> PAGES = Map.ofEntries(
            Map.entry("", "Overview"),
            Map.entry("map", "Traffic map"),
            Map.entry("routes", "Routes"),
            Map.entry("routes/orders", "orders"),
            Map.entry("requests", "Requests"),
            Map.entry("try", "Test request"),
            Map.entry("plugins", "Plugins"),
            Map.entry("market", "Marketplaces"),
            Map.entry("consumers", "Consumers"),
            Map.entry("security", "Security"),
            Map.entry("history", "History"));

    @AutoClose
    private final EchoServer backend = new EchoServer();

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void everyPageIsShownToEverybody(ColorScheme colours) {
        try (Product product = ConsoleGateway.product("api", backend.address());
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
        try (Product product = ConsoleGateway.product("api", backend.address());
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
    void everythingIsFoundByKeyboard() {
        try (Product product = ConsoleGateway.product("api", backend.address());
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
        try (Product product = ConsoleGateway.product("api", backend.address());
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
        try (Product product = ConsoleGateway.product("api", backend.address());
                ConsoleUser user = ConsoleUser.at(product)) {
            user.fill("Admin token", "guessed").click(BUTTON, "Log in").sees("no token of the admin API");
            user.inspect("login-refused");
            user.login().click(LINK, "Security").sees("refused").sees("nobody");
            assertThat(user.text()).doesNotContain("guessed");
        }
    }
}
