package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Steps that decide who may enter, one behind the other, in the product as users get it. */
final class AccessIT {

    @Test
    void theOrderOfTheStepsSaysWhoDecidesFirst() throws Exception {
        try (EchoServer upstream = new EchoServer();
                EchoServer service = new EchoServer();
                Product product = Product.with(
                                """
                                version: 1
                                listeners: [{name: web, address: "127.0.0.1:0"}]
                                admin: {address: "127.0.0.1:0"}
                                status: {address: "127.0.0.1:0"}
                                consumers:
                                  - {name: anna, groups: [staff], credentials: [{key-auth: {hash: "%1$s"}}]}
                                  - {name: bert, credentials: [{key-auth: {hash: "%2$s"}}]}
                                routes:
                                  - name: orders
                                    plugins:
                                      - cors: {origins: ["https://app.example.com"]}
                                      - security-headers: {}
                                      - ip-list: {deny: [203.0.113.0/24]}
                                      - key-auth: {}
                                      - authorize:
                                          allow: ["'staff' in consumer.groups"]
                                          deny: [{when: "request.method == 'DELETE'", id: no-delete}]
                                      - ext-auth: {ask: {http: {url: "%3$s/verify"}}, send: [x-ask]}
                                    upstream: "%4$s"
                                """.formatted(hash("a"), hash("b"), service.address(), upstream.address()))
                        .start()) {
            Client client = product.client();

            assertThat(client.get("/orders").statusCode()).isEqualTo(401);
            assertThat(client.get("/orders", "x-api-key", "b").statusCode()).isEqualTo(403);
            assertThat(client.get("/orders", "x-api-key", "b").body()).contains("not-authorized");
            assertThat(service.requests()).as("not asked about those").isZero();
            HttpResponse<String> passed = client.get("/orders", "x-api-key", "a", "origin", "https://app.example.com");
            assertThat(passed.statusCode()).isEqualTo(200);
            assertThat(passed.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://app.example.com");
            assertThat(passed.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(service.requests()).isEqualTo(1);
            assertThat(upstream.requests()).isEqualTo(1);

            HttpResponse<String> refused = client.get("/orders", "origin", "https://app.example.com");
            assertThat(refused.headers().firstValue("access-control-allow-origin"))
                    .as("a page can read why")
                    .hasValue("https://app.example.com");
        }
    }

    private static String hash(String key) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        return "sha256:" + HexFormat.of().formatHex(hash);
    }
}
