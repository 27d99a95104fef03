package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Somebody at the console, in a real Chromium without a window: finds things by their role and their text alone, and is
 * counted clicking. What the browser complains of is kept.
 */
final class ConsoleUser implements AutoCloseable {

    private static final Path AXE = Path.of(System.getProperty(
                    "sallyport.axe", "../plugins/console/target/web/node_modules/axe-core/axe.min.js"))
            .toAbsolutePath()
            .normalize();
    private static final Path SCREENSHOTS =
            Path.of("target/screenshots").toAbsolutePath().normalize();
    private static final double PATIENCE_MILLIS = 20_000;

    private final Playwright playwright;
    private final Browser browser;
    private final BrowserContext context;
    private final Page page;
    private final Product product;
    private final List<String> complaints = new ArrayList<>();
    private int clicks;

    private ConsoleUser(Product product, ColorScheme colours, int width) {
        this.product = product;
        String chromium = Command.installed("chromium");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(Path.of(chromium))
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")));
        context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(colours)
                .setAcceptDownloads(true)
                .setViewportSize(width, 900));
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // That there is no session yet, or that the gateway is away, is no fault of the page.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
    }

    /** At the login; skips the test, saying so, where there is no browser. */
    static ConsoleUser at(Product product) {
        return at(product, ColorScheme.LIGHT, 1360);
    }

    static ConsoleUser at(Product product, ColorScheme colours, int width) {
        ConsoleUser user = new ConsoleUser(product, colours, width);
        user.open("");
        return user;
    }

    /** Logs in by the admin token. */
    ConsoleUser login() {
        fill("Admin token", token());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in"))
                .click();
        return sees("Connected");
    }

    String token() {
        try {
            return Files.readString(product.home().resolve("data/admin.token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes to a page by its address, as from a bookmark. */
    ConsoleUser open(String path) {
        URI admin = product.adminAddress();
        page.navigate(admin + "/console/" + path);
        return this;
    }

    /** From here on clicks are counted anew. */
    ConsoleUser counted() {
        clicks = 0;
        return this;
    }

    int clicks() {
        return clicks;
    }

    /** Clicks what has this role and this name. */
    ConsoleUser click(AriaRole role, String name) {
        clicks++;
        one(role, name).click();
        return this;
    }

    /** Presses a key where the focus is. */
    ConsoleUser press(String key) {
        page.keyboard().press(key);
        return this;
    }

    /** Types into the field of that label. */
    ConsoleUser fill(String label, String text) {
        field(label).fill(text);
        return this;
    }

    /** What stands in the field of that label. */
    String typed(String label) {
        return field(label).inputValue();
    }

    private Locator field(String label) {
        return top().getByLabel(label, new Locator.GetByLabelOptions().setExact(true))
                .last();
    }

    Locator one(AriaRole role, String name) {
        return top().getByRole(
                        role, new Locator.GetByRoleOptions().setName(name).setExact(true))
                .last();
    }

    /** The dialog in front, or else the page. */
    private Locator top() {
        Locator dialogs = page.locator("dialog[open]");
        return dialogs.count() > 0 ? dialogs.last() : page.locator("body");
    }

    /** Waits until a text is to be seen. */
    ConsoleUser sees(String text) {
        page.getByText(text).locator("visible=true").first().waitFor();
        return this;
    }

    /** Waits until a text is to be seen no more. */
    ConsoleUser seesNoMore(String text) {
        page.getByText(text).first().waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        return this;
    }

    /** What can be read on the page. */
    String text() {
        return page.locator("body").innerText();
    }

    /** Keeps a picture of the page, and has axe look for what keeps people out (WCAG 2.2, A and AA). */
    void inspect(String name) {
        settled();
        shoot(name);
        try {
            page.evaluate(Files.readString(AXE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Object found = page.evaluate("""
            () => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})
              .then(result => result.violations.map(one => one.id + ': ' + one.help + ': '
                  + one.nodes.map(node => node.target + ' ' + node.failureSummary).slice(0, 3).join('; ')))
            """);
        assertThat((List<?>) found).as(name).isEmpty();
    }

    void shoot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** Waits until the page has loaded what it shows. */
    ConsoleUser settled() {
        return seesNoMore("Loading…");
    }

    /** How many elements the page has. */
    int elements() {
        return ((Number) page.evaluate("() => document.querySelectorAll('*').length")).intValue();
    }

    /** Has clients call, again and again, until something is to be seen. */
    ConsoleUser keepCalling(Runnable call, BooleanSupplier seen) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            call.run();
            return seen.getAsBoolean();
        });
        return this;
    }

    /** All that the browser stores for the page between visits. */
    String stored() {
        return String.valueOf(page.evaluate("() => JSON.stringify({...localStorage, ...sessionStorage})"));
    }

    /** Errors of scripts, and what the page's own security policy has stopped. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    Page page() {
        return page;
    }

    @Override
    public void close() {
        context.close();
        browser.close();
        playwright.close();
    }
}
