package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a browser makes of the answers of the step cors: a page of one origin calls another. */
final class CorsIT {

    /** It is shown at 127.0.0.1 and calls localhost, which is another origin. At the end it tells what became of each call. */
    private static final String PAGE = """
        <!doctype html><title>calls</title><script>
        const seen = new URLSearchParams();
        const call = async (name, path, init) => {
          try {
            const response = await fetch("http://localhost:" + location.port + path, init);
            seen.append(name, response.status + "/" + response.headers.get("x-total") + "/" + response.headers.get("x-hidden"));
          } catch (failure) {
            seen.append(name, failure.name);
          }
        };
        const json = {method: "PUT", headers: {"content-type": "application/json", "x-key": "k"}, body: "{}"};
        (async () => {
          await call("put", "/open/put", json);
          await call("user", "/open/user", {credentials: "include"});
          await call("broken", "/broken", json);
          await call("unauthorised", "/unauthorised", json);
          await call("anyone", "/anyone/put", json);
          await call("anyonesUser", "/anyone/user", {credentials: "include"});
          await call("other", "/other/get", {});
          await call("otherPut", "/other/put", json);
          await call("method", "/narrow/method", {method: "DELETE"});
          await call("header", "/narrow/header", {headers: {"x-key": "k"}});
          await call("narrow", "/narrow/get", {});
          await call("none", "/none/get", {});
          fetch("/report?" + seen);
        })();
        </script>
        """;

    private final Path folder = Folders.temporary("cors");

    @AfterEach
    void cleanUp() {
        Folders.delete(folder);
    }

    @Test
    void aBrowserLetsThePageReadWhatItMayAndNothingElse() {
        Command.installed("chromium");
        try (EchoServer upstream = new EchoServer();
                Product product = Product.with("""
                    version: 1
                    listeners: [{name: web, address: "127.0.0.1:0"}]
                    admin: {address: "127.0.0.1:0"}
                    status: {address: "127.0.0.1:0"}
                    chains:
                      ours: [{cors: {origins: ["http://127.0.0.1:*"], credentials: true, expose: [x-total]}}]
                    routes:
                      - name: page
                        match: {paths: [/page]}
                        plugins: [{respond: {headers: {content-type: text/html}, body: %1$s}}]
                      - {name: report, match: {paths: [/report]}, upstream: "%2$s"}
                      - name: open
                        match: {paths: ["/open/**"]}
                        plugins: [{use: ours}, {headers: {response: {set: {x-total: "3", x-hidden: "1"}}}}]
                        upstream: "%2$s"
                      - {name: broken, match: {paths: [/broken]}, plugins: [{use: ours}], upstream: "http://127.0.0.1:1"}
                      - name: unauthorised
                        match: {paths: [/unauthorised]}
                        plugins: [{use: ours}, {key-auth: {}}]
                        upstream: "%2$s"
                      - {name: anyone, match: {paths: ["/anyone/**"]}, plugins: [{cors: {}}], upstream: "%2$s"}
                      - name: other
                        match: {paths: ["/other/**"]}
                        plugins: [{cors: {origins: ["https://app.example.com"]}}]
                        upstream: "%2$s"
                      - name: narrow
                        match: {paths: ["/narrow/**"]}
                        plugins: [{cors: {origins: ["http://127.0.0.1:*"], methods: [GET], headers: [content-type]}}]
                        upstream: "%2$s"
                      - {name: none, match: {paths: ["/none/**"]}, upstream: "%2$s"}
                    """.formatted(
                                        "'" + PAGE.replace("\n", " ").replace("'", "''") + "'", upstream.address()))
                        .start()) {
            try (Chromium _ = Chromium.open(folder, product.address() + "/page")) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> upstream.targets().stream().anyMatch(target -> target.startsWith("/report")));
            }

            String report = upstream.targets().stream()
                    .filter(target -> target.startsWith("/report"))
                    .findFirst()
                    .orElseThrow();
            assertThat(report.replace("%2F", "/").substring("/report?".length()).split("&"))
                    .containsExactly(
                            "put=200/3/null",
                            "user=200/3/null",
                            "broken=502/null/null",
                            "unauthorised=401/null/null",
                            "anyone=200/null/null",
                            "anyonesUser=TypeError",
                            "other=TypeError",
                            "otherPut=TypeError",
                            "method=TypeError",
                            "header=TypeError",
                            "narrow=200/null/null",
                            "none=TypeError");
            // What needs to be asked for first was never done where it is not allowed.
            assertThat(upstream.targets()).doesNotContain("/other/put", "/narrow/method", "/narrow/header");
        }
    }
}
