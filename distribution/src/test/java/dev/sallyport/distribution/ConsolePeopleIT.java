package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static com.microsoft.playwright.options.AriaRole.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Consumers on the console, in a browser: their keys, and what they have used. */
final class ConsolePeopleIT {

    @AutoClose
    private final EchoServer backend = new EchoServer();

    @Test
    void aKeyIsShownOnceAndNothingSecretIsKept() {
        try (Product product = ConsoleGateway.product("api", backend.address());
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
    void whatAConsumerHasUsedOfItsLimitsIsSeen() {
        String key = "6d6f62696c65";
        String config = Product.web("""
            services: [{name: console, console: {}}]
            consumers: [{name: ada, credentials: [{key-auth: {id: k1, hash: "sha256:%s"}}]}, {name: bob}]
            routes:
              - {name: shop, match: {paths: [/shop]}, plugins: [{key-auth: {}}, {rate-limit: {limit: 10/h, by: consumer}}, {respond: {body: x}}]}
            """.formatted(sha256(key)));
        try (Product product = ConsoleGateway.product(config);
                ConsoleUser user = ConsoleUser.at(product)) {
            for (int i = 0; i < 12; i++) {
                product.client().with("x-api-key", key).get("/shop");
            }
            user.login().click(LINK, "Consumers").sees("10 of 10").sees("none met");
            user.inspect("limits");
            user.click(BUTTON, "ada").sees("2 refused").inspect("limits-of-one");
            assertThat(user.complaints()).isEmpty();
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
