package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that decide who may enter, several on one route: what the order of the configuration says, and never more. */
final class CallersIT {

    private static final String PASSWORD = "correct horse";

    private static EchoServer echo;
    private static Product product;

    @BeforeAll
    static void start() throws Exception {
        echo = new EchoServer();
        product = Product.with(
                        Product.web("""
                            trace: {sample: 100%%}
                            consumers:
                              - {name: guest, groups: [public]}
                              - name: mobile
                                groups: [partners]
                                credentials: [{key-auth: {hash: "%1$s"}}]
                              - name: anna
                                groups: [staff]
                                credentials: [{basic-auth: {hash: "$2y$10$zy4JwKTkpkVy3eEBD5PYRuDPaKRjToS0cB4NElL5.cIjVRStlda.2"}}]
                              - name: suspended
                                groups: [partners, suspended]
                                credentials: [{key-auth: {hash: "%2$s"}}]
                            routes:
                              - name: either
                                match: {paths: [/either]}
                                plugins:
                                  - key-auth: {anonymous: guest}
                                  - basic-auth: {anonymous: guest}
                                  - acl: {deny: [{consumers: [guest]}]}
                                upstream: "%3$s"
                              - name: both
                                match: {paths: [/both]}
                                plugins: [{key-auth: }, {basic-auth: }]
                                upstream: "%3$s"
                              - name: address-first
                                match: {paths: [/address-first]}
                                plugins: [{ip-list: {deny: [127.0.0.1]}}, {key-auth: }]
                                upstream: "%3$s"
                              - name: key-first
                                match: {paths: [/key-first]}
                                plugins: [{key-auth: }, {ip-list: {deny: [127.0.0.1]}}]
                                upstream: "%3$s"
                              - name: readers
                                match: {paths: [/readers]}
                                plugins:
                                  - key-auth: {anonymous: guest}
                                  - acl: {allow: [partners, {groups: [public], methods: [GET]}], deny: [suspended]}
                                upstream: "%3$s"
                              - name: nobody
                                match: {paths: [/nobody]}
                                plugins: [{acl: {deny: [suspended]}}]
                                upstream: "%3$s"
                              - name: monitored
                                match: {paths: [/monitored]}
                                plugins:
                                  - key-auth: {anonymous: guest}
                                    mode: monitor
                                  - acl: {deny: [suspended]}
                                upstream: "%3$s"
                              - name: off
                                match: {paths: [/off]}
                                plugins:
                                  - {key-auth: , mode: off}
                                  - {basic-auth: , mode: monitor}
                                upstream: "%3$s"
                            """.formatted(hash("key-of-mobile"), hash("key-of-suspended"), echo.address())))
                .start();
    }

    private static String hash(String key) throws Exception {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    @AfterAll
    static void stop() {
        product.close();
        echo.close();
    }

    /** The rows of the table in the guide, and what else may be combined; "-" for nothing. */
    @ParameterizedTest
    @CsvSource({
        "/either, key-of-mobile, -, 200, mobile",
        "/either, -, anna, 200, anna",
        "/either, -, -, 403, -",
        "/either, key-of-mobile, anna, 200, anna",
        "/either, key-of-mobile, wrong, 401, -",
        "/either, wrong, anna, 401, -",
        "/either, wrong, -, 401, -",
        "/both, key-of-mobile, anna, 200, anna",
        "/both, key-of-mobile, -, 401, -",
        "/both, -, anna, 401, -",
        "/readers, key-of-mobile, -, 200, mobile",
        "/readers, -, -, 200, guest",
        "/readers, key-of-suspended, -, 403, -",
        "/readers, wrong, -, 401, -",
        "/nobody, key-of-mobile, -, 403, -",
        "/monitored, key-of-mobile, -, 403, -",
        "/monitored, -, -, 403, -",
    })
    void decides(String path, String key, String user, int status, String consumer) {
        HttpResponse<String> response = product.client().get(path, credentials(key, user));

        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 200) {
            assertThat(response.body().lines().map(line -> line.toLowerCase(Locale.ROOT)))
                    .as(response.body())
                    .anyMatch(line -> line.contains("x-consumer-name") && line.contains(consumer));
            assertThat(response.body()).doesNotContain("forged", "key-of-mobile", "Basic ");
        }
    }

    private static String[] credentials(String key, String user) {
        List<String> headers = new ArrayList<>(List.of("x-consumer-name", "forged"));
        if (!key.equals("-")) {
            headers.addAll(List.of("x-api-key", key));
        }
        if (!user.equals("-")) {
            String login = "anna:" + (user.equals("anna") ? PASSWORD : "wrong");
            headers.addAll(List.of(
                    "authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))));
        }
        return headers.toArray(String[]::new);
    }

    @Test
    void ofTwoThatWouldRefuseTheFirstOneAnswers() {
        assertThat(product.client().status("/address-first")).isEqualTo(403);
        assertThat(product.client().status("/key-first")).isEqualTo(401);
        assertThat(product.client().status("/key-first", "x-api-key", "key-of-mobile"))
                .isEqualTo(403);
    }

    @Test
    void aGuestMayDoWhatIsSaidOfGuestsAndNoMore() {
        assertThat(product.client().post("/readers", "").statusCode()).isEqualTo(403);
        assertThat(product.client()
                        .post("/readers", "", "x-api-key", "key-of-mobile")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void nobodyForgesAnIdentityAlsoWhereItsStepIsOffOrOnlyMonitored() {
        for (String path : List.of("/off", "/monitored", "/readers")) {
            HttpResponse<String> response = product.client().get(path, "X-Consumer-Name", "forged");
            assertThat(response.body()).as(path).doesNotContain("forged");
        }
    }

    @Test
    void tracesSayWhyEachWasRefused() {
        assertRefused("/readers", "wrong", "-", "unknown");
        assertRefused("/key-first", "-", "-", "missing");
        assertRefused("/either", "-", "wrong", "wrong");
        assertRefused("/readers", "key-of-suspended", "-", "denied: groups suspended");
        assertRefused("/nobody", "-", "-", "unidentified");
    }

    private static void assertRefused(String path, String key, String user, String why) {
        HttpResponse<String> response = product.client().get(path, credentials(key, user));
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        String trace = await().until( // it is kept once the client has its answer
                        () -> product.admin().get("/v1/traces/" + id).body(), kept -> !kept.contains("not-found"));
        assertThat(trace).contains("refused", why).doesNotContain(PASSWORD, "key-of-");
    }

    /** The example of acl's page, which needs another plugin. */
    @Test
    void servesTheExampleOfAclsPage() throws Exception {
        String example = FencedBlock.of(Repository.file("plugins/acl/README.md")).stream()
                .filter(block -> block.language().equals("yaml"))
                .map(FencedBlock::text)
                .findFirst()
                .orElseThrow();
        String withKeys = example;
        for (String name : List.of("mobile", "backoffice", "old-app")) {
            withKeys = withKeys.replace(
                    "{name: " + name + ",",
                    "{name: " + name + ", credentials: [{key-auth: {hash: \"" + hash(name + "-key") + "\"}}],");
        }
        try (Product own = Product.with(Product.web(
                        withKeys.replace("http://127.0.0.1:9001", echo.address().toString())))
                .start()) {
            assertThat(own.client().status("/orders/1", "x-api-key", "mobile-key"))
                    .isEqualTo(200);
            assertThat(own.client().status("/orders/1", "x-api-key", "backoffice-key"))
                    .isEqualTo(200);
            assertThat(own.client().status("/orders/1", "x-api-key", "old-app-key"))
                    .isEqualTo(403);
            assertThat(own.client()
                            .send("DELETE", "/orders/1", BodyPublishers.noBody(), "x-api-key", "mobile-key")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(own.client()
                            .send("DELETE", "/orders/1", BodyPublishers.noBody(), "x-api-key", "backoffice-key")
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
