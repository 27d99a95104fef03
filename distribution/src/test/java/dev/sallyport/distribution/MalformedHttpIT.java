package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no HTTP is refused, never passed on, and the gateway serves on. */
final class MalformedHttpIT {

    private static EchoServer echo;
    private static Product product;

    @BeforeAll
    static void start() {
        echo = new EchoServer();
        product = Product.with(Product.web("routes: [{name: all, upstream: \"%s\"}]\n".formatted(echo.address())))
                .start();
    }

    @AfterAll
    static void stop() {
        product.close();
        echo.close();
    }

    @AfterEach
    void servesOn() {
        assertThat(product.client().status("/after")).isEqualTo(200);
    }

    /** {@code |} stands for CR LF; each is followed by a request that a smuggled part would show. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '!',
            value = {
                "no version                ! GET /x|Host: a||                                            ! 400 505",
                "no host                   ! GET /x HTTP/1.1||                                           ! 400",
                "two hosts                 ! GET /x HTTP/1.1|Host: a|Host: b||                           ! 400",
                "space before colon        ! GET /x HTTP/1.1|Host: a|Content-Length : 3||abc             ! 400",
                "folded field              ! GET /x HTTP/1.1|Host: a|X-A: b| c||                         ! 400",
                "length and chunked        ! POST /x HTTP/1.1|Host: a|Content-Length: 3|Transfer-Encoding:"
                        + " chunked||0|| ! 400",
                "two lengths               ! POST /x HTTP/1.1|Host: a|Content-Length: 3|Content-Length: 4||abc ! 400",
                "length is no number       ! POST /x HTTP/1.1|Host: a|Content-Length: three||abc         ! 400",
                "length is negative        ! POST /x HTTP/1.1|Host: a|Content-Length: -1||               ! 400",
                "length with sign          ! POST /x HTTP/1.1|Host: a|Content-Length: +3||abc            ! 400",
                "chunked is not last       ! POST /x HTTP/1.1|Host: a|Transfer-Encoding: chunked, gzip||0|| ! 400",
                "chunk size is no number   ! POST /x HTTP/1.1|Host: a|Transfer-Encoding: chunked||zz|abc|0|| ! 400",
                "bad character in name     ! GET /x HTTP/1.1|Host: a|X(A): b||                           ! 400",
                "future version            ! GET /x HTTP/9.9|Host: a||                                   ! 400 505",
            })
    void refuses(String name, String request, String statuses) {
        try (RawConnection connection = new RawConnection(product.address())) {
            String answer = connection
                    .send(request.replace("|", "\r\n") + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
                    .readAll();
            assertThat(answer).startsWith("HTTP/1.1 ");
            assertThat(statuses.split(" ")).contains(answer.substring(9, 12));
            assertThat(answer)
                    .doesNotContain("Exception")
                    .doesNotContain("Jetty")
                    .doesNotContain("GET /smuggled");
        }
        assertThat(echo.targets()).doesNotContain("/smuggled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/../b",
                "/a/%2e%2e/b",
                "/a/..;x/b",
                "/a%00b",
                "/a\\b",
                "/a%zz",
                "/a#b",
                "/%c0%ae%c0%ae/b",
                "/a/..",
                "b"
            })
    void refusesATargetThatServersReadInDifferentWays(String target) {
        int before = echo.requests();
        String answer = answer("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400");
        assertThat(answer).doesNotContain("Exception").doesNotContain("Jetty");
        assertThat(echo.requests()).isEqualTo(before);
    }

    @Test
    void isNoForwardProxy() {
        assertThat(answer("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 501");
        assertThat(answer("GET http:///x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void refusesATargetThatIsTooLong() {
        assertThat(answer("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .containsPattern("^HTTP/1.1 (414|431)");
    }

    @Test
    void refusesTooManyHeaders() {
        String fields = "X-Filler: " + "b".repeat(1000) + "\r\n";
        assertThat(answer("GET /x HTTP/1.1\r\nHost: a\r\n" + fields.repeat(200) + "\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void survivesNoise() {
        Random random = new Random(42);
        for (int i = 0; i < 100; i++) {
            byte[] noise = new byte[1 + random.nextInt(2000)];
            random.nextBytes(noise);
            try (RawConnection connection = new RawConnection(product.address())) {
                connection.send(noise).end().readAll();
            }
        }
    }

    @Test
    void survivesTlsOnAPlainPort() {
        byte[] clientHello = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"
                .getBytes(StandardCharsets.ISO_8859_1);
        try (RawConnection connection = new RawConnection(product.address())) {
            connection.send(clientHello).end().readAll();
        }
    }

    @Test
    void survivesConnectionsThatEndInTheMiddle() {
        for (String part : new String[] {
            "", "G", "GET /x", "GET /x HTTP/1.1\r\nHost", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"
        }) {
            try (RawConnection connection = new RawConnection(product.address())) {
                connection.send(part);
            }
        }
    }

    private static String answer(String request) {
        try (RawConnection connection = new RawConnection(product.address())) {
            return connection.send(request).readTo("}");
        }
    }
}
