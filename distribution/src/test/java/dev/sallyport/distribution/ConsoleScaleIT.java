package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The console where there is very much of everything, in a browser. */
final class ConsoleScaleIT {

    private static final int MOST_ELEMENTS = 5000;

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

    /** So many jars are made of one, each with a name of its own; none is used by a route. */
    private static Product withManyPlugins() {
        Product.Setup setup = Product.with(Product.web("""
            services: [{name: console, console: {}}]
            routes: [{name: many, match: {paths: [/many]}, plugins: [{many/p7: {}}, {respond: {body: x}}]}]
            """));
        for (int i = 0; i < 200; i++) {
            setup.plugin(PluginJars.step("many/p" + i, "1.0." + i, "return next.proceed(request);"));
        }
        return setup.heap("512m").start();
    }

    @Test
    void twoHundredPluginsAreListedFoundAndOpened() {
        try (Product product = withManyPlugins();
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login().click(LINK, "Plugins").sees("many-p0").sees("Next");
            user.inspect("many-plugins");
            assertThat(user.elements()).as("elements of the page").isLessThan(MOST_ELEMENTS);
            user.fill("Find plugins", "many-p199").click(BUTTON, "many-p199").sees("SHA-256");
            user.inspect("many-plugin");

            user.open("plugins/many-p7").sees("Used by one route");
            user.open("routes/many").click(BUTTON, "Add a step").sees("many/p199");
            user.fill("Find a type of step", "many/p150").press("Enter").sees("YAML");
            for (String page :
                    new String[] {"", "map", "routes", "requests", "try", "consumers", "security", "history"}) {
                user.open(page).sees("Connected").settled();
                assertThat(user.elements()).as(page).isLessThan(MOST_ELEMENTS);
            }
            assertThat(user.complaints()).isEmpty();
        }
    }
}
