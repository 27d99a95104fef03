package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nobody chooses his own address: what untrusted peers say in forwarding headers is not believed. */
final class ForgedHeadersIT {

    private static final int REQUESTS = 1_000;
    private static final int LIMIT = 5;
    private static final List<String> FIELDS = List.of(
            "X-Forwarded-For",
            "Forwarded",
            "X-Real-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "X-Client-IP",
            "x-forwarded-for",
            "X-Forwarded-Host");

    private static EchoServer echo;
    private static Product product;

    @BeforeAll
    static void start() {
        echo = new EchoServer();
        product =
                Product.with(Product.web("""
                    routes:
                      - name: limited
                        match: {paths: [/limited]}
                        plugins:
                          - rate-limit: {limit: %1$d/h, by: client.address}
                          - respond: {body: passed}
                      - name: listed
                        match: {paths: [/listed]}
                        plugins:
                          - ip-list: {deny: [127.0.0.1]}
                          - respond: {body: passed}
                      - name: echo
                        match: {paths: ["/echo/**"]}
                        upstream: "%2$s"
                    """.formatted(LIMIT, echo.address()))).start();
    }

    @AfterAll
    static void stop() {
        product.close();
        echo.close();
    }

    @Test
    void forgedRequestsDoNotEvadeALimit() {
        Client client = product.client();
        int passed = 0;
        for (int i = 0; i < REQUESTS; i++) {
            String address = "203.0." + i / 250 + "." + (i % 250 + 1);
            String field = FIELDS.get(i % FIELDS.size());
            String value = field.equals("Forwarded") ? "for=" + address : address;
            if (client.status("/limited", field, value) == 200) {
                passed++;
            }
        }
        assertThat(passed).isEqualTo(LIMIT);
    }

    @Test
    void forgedRequestsDoNotPassAList() {
        Stream.of("10.0.0.1", "::1", "10.0.0.1, 127.0.0.1", "for=10.0.0.1", "unknown", "")
                .forEach(value -> {
                    List<Integer> answers = new ArrayList<>();
                    FIELDS.forEach(field -> answers.add(product.client().status("/listed", field, value)));
                    assertThat(answers).containsOnly(403);
                });
    }

    @Test
    void upstreamsDoNotSeeWhatWasForged() {
        HttpResponse<String> response = product.client()
                .get(
                        "/echo/x",
                        "X-Forwarded-For",
                        "203.0.113.7",
                        "Forwarded",
                        "for=203.0.113.7",
                        "X-Real-IP",
                        "203.0.113.7",
                        "X-Forwarded-Proto",
                        "https");
        assertThat(response.body()).contains("x-forwarded-for: 127.0.0.1").doesNotContain("203.0.113.7");
        assertThat(response.body()).doesNotContain("x-forwarded-proto: https");
    }

    @Test
    void aTrustedProxyIsBelievedUpToTheRightmostUntrustedAddress() {
        try (Product trusting = Product.with(Product.web("""
            routes:
              - name: limited
                plugins:
                  - rate-limit: {limit: 1/h, by: client.address}
                  - respond: {body: passed}
            """)
                        .replace(
                                "address: \"127.0.0.1:0\"}]",
                                "address: \"127.0.0.1:0\", trustedProxies: {cidrs: [127.0.0.0/8]}}]"))
                .start()) {
            Client client = trusting.client();
            assertThat(client.status("/", "X-Forwarded-For", "203.0.113.1")).isEqualTo(200);
            assertThat(client.status("/", "X-Forwarded-For", "203.0.113.1")).isEqualTo(429);
            assertThat(client.status("/", "X-Forwarded-For", "203.0.113.2")).isEqualTo(200);
            assertThat(client.status("/", "X-Forwarded-For", "198.51.100.9, 203.0.113.2"))
                    .isEqualTo(429);
        }
    }
}
