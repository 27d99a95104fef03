package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static com.microsoft.playwright.options.AriaRole.ROW;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Requests on the console, in a browser: found, taken along, looked at elsewhere, run through another configuration. */
final class ConsoleRequestsIT {

    private static final int MOST_CLICKS = 8;

    @AutoClose
    private final EchoServer backend = new EchoServer();

    @Test
    void whyARequestFailedIsFound() {
        try (Product product = ConsoleGateway.product("api", backend.address());
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
    void requestsAreTakenAlongAsAFile() throws IOException {
        try (Product product = ConsoleGateway.product("api", backend.address());
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
    void aRecordedRequestIsRunThroughAChangedRoute() {
        String config = ConsoleGateway.config("files", backend.address())
                .replace("source: files", "source: files\ntrace: {sample: 100%, keep: 100}");
        try (Product product = ConsoleGateway.product(config);
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login();
            for (int i = 0; i < 3; i++) {
                product.client().get("/orders/" + i);
            }
            user.counted().click(LINK, "Requests").sees("/orders/2");
            user.page()
                    .getByRole(ROW)
                    .filter(new Locator.FilterOptions().setHasText("/orders/2"))
                    .click();
            user.click(BUTTON, "Change the route").click(BUTTON, "Add a step");
            user.fill("Find a type of step", "rate-limit")
                    .press("Enter")
                    .fill("YAML", "limit: 2/h\n")
                    .click(BUTTON, "Add");
            user.click(BUTTON, "Replay").sees("The candidate decides differently");

            user.sees("429 by rate-limit").sees("does not run").sees("3 requests: 2 the same, 1 different");
            user.inspect("replay");
            assertThat(user.clicks() + 1).isLessThanOrEqualTo(8);
            assertThat(product.client().status("/orders/9"))
                    .as("nothing has changed")
                    .isEqualTo(200);
            user.fill("Candidate for routes/orders", "name: orders\nplugins: [{no-such: {}}]\n")
                    .click(BUTTON, "Replay");
            user.sees("no-such");
            assertThat(user.complaints()).isEmpty();
        }
    }

    @Test
    void aRequestLeadsToKibana() {
        String config = ConsoleGateway.config("api", backend.address())
                .replace(
                        "console: {}",
                        "console: {links: [{name: Kibana, url:"
                            + " \"https://kibana.example.com/app/discover#/?_g=(time:(from:'{from}',to:'{to}'))&_a=(query:(language:kuery,query:'event.id:%22{id}%22'))\"},"
                            + " {name: Latest, url:"
                            + " \"https://logs.example.com/?since={fromMillis}&route={route}\"}]}");
        try (Product product = ConsoleGateway.product(config);
                ConsoleUser user = ConsoleUser.at(product)) {
            user.login();
            String id = product.client()
                    .get("/orders/1")
                    .headers()
                    .firstValue("x-request-id")
                    .orElseThrow();
            user.open("requests/" + id).sees("Kibana");
            String leads = user.one(LINK, "Kibana").getAttribute("href");
            assertThat(leads)
                    .startsWith("https://kibana.example.com/app/discover#/?_g=(time:(from:'20")
                    .contains("%22" + id);
            user.click(LINK, "Requests").fill("Route", "orders").sees("Elsewhere");
            assertThat(user.one(LINK, "Latest").getAttribute("href")).endsWith("&route=orders");
            user.inspect("links");
            assertThat(user.complaints()).isEmpty();
        }
    }
}
