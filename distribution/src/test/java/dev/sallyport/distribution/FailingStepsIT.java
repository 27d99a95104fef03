package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/** Steps that fail, or stay for too long: what the request gets, and what the log says. */
final class FailingStepsIT {

    @Test
    void aStepThatFailsIsSkippedWhereTheConfigurationSaysSo() throws Exception {
        try (Product product = Product.with(Product.web("""
            routes:
              - name: skips
                match: {paths: [/skips]}
                plugins: [{test/broken: {}, onError: skip}, {respond: {body: on}}]
              - name: fails
                match: {paths: [/fails]}
                plugins: [{test/broken: {}}, {respond: {body: on}}]
            """))
                .plugin(PluginJars.step("test/broken", "1.0.0", "throw new IllegalStateException(\"no idea\");"))
                .start()) {
            assertThat(product.client().get("/skips").body()).isEqualTo("on");
            product.output()
                    .await("route skips, step test/broken: failed and was skipped:"
                            + " java.lang.IllegalStateException: no idea");
            assertThat(product.client().status("/fails")).isEqualTo(500);
        }
    }

    @Test
    void aStepThatStaysTooLongIsNamedWhileItDoes() throws Exception {
        try (Product product = Product.with(Product.web("""
            limits: {stepTime: 300ms}
            routes:
              - name: sleepy
                match: {paths: [/sleepy]}
                timeouts: {total: 3s}
                plugins: [{test/waits: {}}, {respond: {body: on}}]
              - {name: good, match: {paths: [/good]}, plugins: [{respond: {body: good}}]}
            """))
                .plugin(PluginJars.step("test/waits", "1.0.0", "Thread.sleep(60_000);\nreturn next.proceed(request);"))
                .start()) {
            try (RawConnection waiting = new RawConnection(product.address())) {
                waiting.send("GET /sleepy HTTP/1.1\r\nHost: a\r\n\r\n");

                product.output().await("route sleepy, step test/waits: request");

                product.output().await("has been in it for more than 300 ms, its budget (limits.stepTime)");
                product.output().await("sample.Factory");
                assertThat(product.client().get("/good").body()).isEqualTo("good");
                assertThat(waiting.readTo("\r\n\r\n")).startsWith("HTTP/1.1 504");
            }
            assertThat(product.status().get("/metrics").body()).contains("sallyport_slow_steps_total 1");
        }
    }

    @Test
    void toWaitForAnUpstreamIsNoStepsTime() throws Exception {
        try (EchoServer upstream = new EchoServer();
                Product product = Product.with(Product.web("""
                    limits: {stepTime: 300ms}
                    routes:
                      - {name: far, match: {paths: [/far]}, plugins: [{rewrite: {path: /}}], upstream: "%s"}
                      - {name: sleepy, match: {paths: [/sleepy]}, plugins: [{test/waits: {}}, {respond: {body: on}}]}
                    """.formatted(upstream.address())))
                        .plugin(PluginJars.step(
                                "test/waits", "1.0.0", "Thread.sleep(60_000);\nreturn next.proceed(request);"))
                        .start();
                RawConnection far = new RawConnection(product.address());
                RawConnection sleepy = new RawConnection(product.address())) {
            far.send("GET /far?wait HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> upstream.requests() == 1);

            sleepy.send("GET /sleepy HTTP/1.1\r\nHost: a\r\n\r\n"); // which stays too long later than that would
            product.output().await("route sleepy, step test/waits: request");

            assertThat(product.status().get("/metrics").body()).contains("sallyport_slow_steps_total 1");
            upstream.release();
            assertThat(far.readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
    }
}
