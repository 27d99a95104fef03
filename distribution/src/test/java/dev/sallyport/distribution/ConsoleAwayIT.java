package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.FIGURE;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The console while the gateway goes and comes, in a browser. */
final class ConsoleAwayIT {

    @AutoClose
    private final EchoServer backend = new EchoServer();

    /** With an admin address that stays the same over a restart. */
    private static String fixed(String config) {
        return config.replace(
                "admin: {address: \"127.0.0.1:0\"}", "admin: {address: \"127.0.0.1:" + Ports.free() + "\"}");
    }

    @Test
    void nothingThatWasTypedIsLostWhenTheGatewayRestarts() {
        String config = fixed(ConsoleGateway.config("api", backend.address()));
        Product product = ConsoleGateway.product(config);
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
    void figuresOutliveTheProcessUnderAnOpenPage() {
        String config = fixed(ConsoleGateway.config("files", backend.address()));
        Product before = ConsoleGateway.product(config);
        Product after = before;
        try (ConsoleUser user = ConsoleUser.at(before)) {
            user.login();
            user.open("?by=route&name=orders&span=3600").sees("Only route orders");
            before.client().get("/orders/1");
            await().atMost(ofSeconds(30)).until(() -> counted(before) > 0);
            before.stop();
            user.sees("does not answer");
            after = before.again();
            user.sees("Log in again");
            user.fill("Admin token", user.token()).click(BUTTON, "Log in").seesNoMore("Log in again");
            user.sees("Connected").sees("Only route orders");
            user.one(FIGURE, "Traffic of route orders").waitFor();
            assertThat(counted(after)).isEqualTo(1);
            assertThat(user.complaints()).isEmpty();
        } finally {
            after.close();
        }
    }

    /** Requests of the route in the last hour. */
    private static int counted(Product product) {
        String series = product.admin()
                .get("/console/api/series?by=route&name=orders&from=" + (System.currentTimeMillis() - 3_600_000))
                .body();
        return JsonMapper.shared()
                .readTree(series)
                .path("series")
                .path(0)
                .path("requests")
                .valueStream()
                .mapToInt(each -> each.asInt(0))
                .sum();
    }
}
