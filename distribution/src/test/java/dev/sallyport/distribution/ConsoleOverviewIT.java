package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.FIGURE;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.BoundingBox;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Overview and traffic map of the console, in a browser. */
final class ConsoleOverviewIT {

    @AutoClose
    private final EchoServer backend = new EchoServer();

    @Test
    void aStretchOfTheChartIsLookedAtCloselyAndOneRouteAlone() {
        try (Product product = ConsoleGateway.product("api", backend.address());
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login();
            product.client().get("/orders/1");
            user.sees("Busiest").click(BUTTON, "5 min");
            Locator chart = user.one(FIGURE, "Traffic").locator(".u-over");
            BoundingBox box = chart.boundingBox();
            double y = box.y + box.height / 2;
            user.page().mouse().move(box.x + box.width * 0.6, y);
            user.page().mouse().down();
            user.page().mouse().move(box.x + box.width * 0.7, y);
            user.page().mouse().move(box.x + box.width * 0.9, y);
            user.page().mouse().up();
            user.sees("Leave the close look");
            assertThat(user.page().url()).contains("from=", "to=");
            user.inspect("brushed");
            user.click(BUTTON, "Leave the close look").seesNoMore("Leave the close look");

            user.keepCalling(
                    () -> product.client().get("/orders/1"),
                    () -> user.one(BUTTON, "orders").isVisible());
            user.click(BUTTON, "orders").sees("Only route orders");
            user.one(FIGURE, "Traffic of route orders").waitFor();
            user.inspect("drilled");
            user.click(BUTTON, "Show all traffic").sees("All traffic of this gateway");
            assertThat(user.complaints()).isEmpty();
        }
    }

    @Test
    void theMapShowsEachStepBetweenRouteAndUpstream() {
        String config = ConsoleGateway.config("api", backend.address())
                .replace("plugins: [{key-auth: {}}]", "plugins: [{key-auth: {}, mode: monitor}]");
        try (Product product = ConsoleGateway.product(config);
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().open("map").sees("Steps").sees("headers").sees("monitor");
            user.keepCalling(
                    () -> product.client().get("/orders/1"), () -> user.text().contains("/s ·"));
            user.inspect("map-steps");
            user.page()
                    .getByRole(LINK)
                    .filter(new Locator.FilterOptions().setHasText("headers"))
                    .first()
                    .click();
            user.sees("Chain");
            assertThat(user.page().url()).endsWith("/routes/orders");
            assertThat(user.complaints()).isEmpty();
        }
    }

    @Test
    void stepsOfManyRoutesAreOneBoxEach() {
        String routes = IntStream.range(0, 20)
                .mapToObj(n ->
                        "  - {name: r%d, match: {paths: [/r%d]}, plugins: [{cors: {origins: [\"*\"]}}, {respond: {body: x}}]}\n"
                                .formatted(n, n))
                .collect(Collectors.joining());
        try (Product product = Product.with(Product.web("services: [{name: console, console: {}}]\nroutes:\n" + routes))
                        .heap("256m")
                        .start();
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().open("map").sees("2 steps").inspect("map-grouped");
            assertThat(user.text()).doesNotContain("cors");
        }
    }
}
