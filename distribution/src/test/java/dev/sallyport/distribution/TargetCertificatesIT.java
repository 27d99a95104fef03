package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.TestAuthority;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets whose certificates must not be trusted: no request reaches them, and the log says why. */
final class TargetCertificatesIT {

    private static final int TLS_HANDSHAKE = 0x16;
    private static final Map<String, SecureTarget> TARGETS = new LinkedHashMap<>();

    private static Path folder;
    private static Product product;

    @BeforeAll
    static void start() throws Exception {
        folder = Folders.temporary("target-certificates");
        TestAuthority ours = new TestAuthority(folder.resolve("ours"));
        ours.issue("good", "EC", "localhost");
        ours.issue("expired", "EC", -30, "localhost");
        ours.issue("renamed", "EC", "other.test");
        TestAuthority strangers = new TestAuthority(folder.resolve("strangers"));
        strangers.issue("stranger", "EC", "localhost");
        TARGETS.put("good", new SecureTarget(ours.client("good")));
        TARGETS.put("expired", new SecureTarget(ours.client("expired")));
        TARGETS.put("renamed", new SecureTarget(ours.client("renamed")));
        TARGETS.put("stranger", new SecureTarget(strangers.client("stranger")));
        TARGETS.put("self-signed", new SecureTarget(strangers.client("ca")));
        StringBuilder upstreams = new StringBuilder("upstreams:\n");
        StringBuilder routes = new StringBuilder("routes:\n");
        TARGETS.forEach((name, target) -> {
            for (String protocol : new String[] {"http1", "h2"}) {
                String both = name + "-" + protocol;
                upstreams.append("  %s: {targets: [\"%s\"], protocol: %s, tls: {ca: %s}}%n"
                        .formatted(both, target.address(), protocol, ours.file("ca.pem")));
                routes.append("  - {name: %1$s, match: {paths: [\"/%1$s\"]}, upstream: %1$s}%n".formatted(both));
            }
            upstreams.append("  usual-%s: {targets: [\"%s\"]}%n".formatted(name, target.address()));
            routes.append("  - {name: usual-%1$s, match: {paths: [\"/usual-%1$s\"]}, upstream: usual-%1$s}%n"
                    .formatted(name));
        });
        upstreams.append("  both: {targets: [\"%s\", \"%s\"], tls: {ca: %s}}%n"
                .formatted(TARGETS.get("expired").address(), TARGETS.get("good").address(), ours.file("ca.pem")));
        routes.append("  - {name: both, match: {paths: [/both]}, upstream: both}\n");
        product = Product.with(Product.web(upstreams.toString() + routes)).start();
    }

    @AfterAll
    static void stop() {
        product.close();
        TARGETS.values().forEach(SecureTarget::close);
        Folders.delete(folder);
    }

    @Test
    void aTargetThatIsTrustedIsReached() {
        assertThat(product.client().get("/good-http1").body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @CsvSource({
        "expired, http1, NotAfter",
        "expired, h2, NotAfter",
        "renamed, http1, No subject alternative DNS name matching localhost found",
        "renamed, h2, No subject alternative DNS name matching localhost found",
        "stranger, http1, unable to find valid certification path",
        "stranger, h2, unable to find valid certification path",
        "self-signed, http1, unable to find valid certification path",
        "self-signed, h2, unable to find valid certification path"
    })
    void aCertificateThatIsNotTrustedIsA502AndALineInTheLog(String name, String protocol, String why) {
        SecureTarget target = TARGETS.get(name);

        isRefused("/" + name + "-" + protocol, target);

        String line = product.output().await(target.address() + " could be made");
        assertThat(line).contains("WARN").contains(why);
        assertThat(product.admin().get("/v1/upstreams/" + name + "-" + protocol).body())
                .contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"good", "stranger", "self-signed"})
    void withoutACaOnlyTheAuthoritiesOfJavaAreTrusted(String name) {
        isRefused("/usual-" + name, TARGETS.get(name));
    }

    @Test
    void anotherTargetIsTakenWhereOneIsNotTrusted() {
        int before = TARGETS.get("expired").requests();
        for (int i = 0; i < 10; i++) {
            assertThat(product.client().get("/both").body()).isEqualTo("ok");
        }
        assertThat(TARGETS.get("expired").requests()).isEqualTo(before).isZero();
    }

    private static void isRefused(String path, SecureTarget target) {
        int requests = target.requests();
        for (int i = 0; i < 10; i++) {
            isAnswered502(product.client().get(path), target);
            isAnswered502(product.client().post(path, "x"), target);
        }
        assertThat(target.requests()).isEqualTo(requests);
        assertThat(target.firstBytes()).isNotEmpty().containsOnly(TLS_HANDSHAKE);
        String route = path.substring(1);
        assertThat(product.output().lines())
                .filteredOn(line -> line.contains(target.address() + " could be made"))
                .as("once a minute, of each route of %s", route)
                .hasSizeLessThanOrEqualTo(4);
    }

    private static void isAnswered502(HttpResponse<String> answer, SecureTarget target) {
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body())
                .contains("urn:sallyport:problem:upstream-failed")
                .doesNotContain("PKIX")
                .doesNotContain("certificate")
                .doesNotContain(target.address().substring("https://".length()));
    }
}
