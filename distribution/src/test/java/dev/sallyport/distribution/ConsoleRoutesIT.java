package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static com.microsoft.playwright.options.AriaRole.LISTITEM;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Routes changed on the console, in a browser, by what people see. */
final class ConsoleRoutesIT {

    private static final int MOST_CLICKS = 8;

    @AutoClose
    private final EchoServer backend = new EchoServer();

    @Test
    void aRouteIsAddedLimitedWatchedAndTakenBack() {
        try (Product product = ConsoleGateway.product("api", backend.address());
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
    void whereFilesOwnTheConfigurationAChangeIsAPatchToPaste() {
        try (Product product = ConsoleGateway.product("files", backend.address());
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
    void aStepIsMovedByKeyboardAndByDragging() {
        String config = ConsoleGateway.config("api", backend.address())
                .replace("{headers: {response", "{ip-list: {allow: [127.0.0.1]}}, {headers: {response");
        try (Product product = ConsoleGateway.product(config);
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
}
