package dev.sallyport.kernel.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sallyport.kernel.config.Folder;
import dev.sallyport.kernel.config.SamplePlugin;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the examples of the reference page do not show. */
final class LintTest {

    @TempDir
    Path home;

    private Lint lint(String text) {
        Folder folder = new Folder(home).main(text);
        return Lint.of(folder.read(), new SamplePlugin());
    }

    private List<String> open(String text) {
        return lint(text).open().stream().map(Finding::toString).toList();
    }

    @Test
    void tellsOnceWhatAChainDoesInManyRoutes() {
        assertThat(open("""
            chains: {slow: [{rate-limit: {limit: 1/s, by: consumer.tier}}]}
            routes:
              - {name: a, match: {paths: [/a]}, plugins: [{use: slow}, {respond: {}}]}
              - {name: b, match: {paths: [/b]}, plugins: [{use: slow}, {respond: {}}]}
              - {name: c, match: {paths: [/c]}, plugins: [{key-auth: {}}, {use: slow}, {respond: {}}]}
            """)).containsExactly("""
                gateway.yaml:1:47 chains.slow[0].rate-limit.by: rate-limit reads consumer, which no step before it in\
                 route a provides, here and in 1 more chains; put it behind a step that does, such as jwt-auth or\
                 key-auth [nothing-provides]\
                """);
    }

    @Test
    void knowsWhatStepsBeforeRoutingAndOfAttemptsDo() {
        assertThat(open("""
            plugins: [{key-auth: {}}]
            upstreams:
              u: {targets: [http://127.0.0.1:1], plugins: [{rate-limit: {limit: 1/s, by: consumer}}, {acme/tenant: {}}]}
            routes: [{name: a, upstream: u}]
            """)).containsExactly("""
                gateway.yaml:3:90 upstreams.u.plugins[1].acme/tenant: acme/tenant reads jwt-claims, which no step\
                 before it in upstream u provides; put it behind a step that does, such as jwt-auth [nothing-provides]\
                """);
    }

    @Test
    void doesNotAskALimitOfAttemptsForCallers() {
        assertThat(open("""
            upstreams:
              u: {targets: [http://127.0.0.1:1], plugins: [{rate-limit: {limit: 1/s}}]}
            routes: [{name: a, upstream: u}]
            """)).isEmpty();
    }

    @Test
    void takesAListOfAddressesForNoCallers() {
        assertThat(open("""
            routes:
              - {name: a, plugins: [{ip-list: {allow: [10.0.0.0/8]}}, {acme/cache: {ttl: 1s}}, {respond: {}}]}
            """)).isEmpty();
    }

    @Test
    void looksNoFurtherWhereSomethingIsWrong() {
        Lint lint = lint("""
            upstreams: {u: {targets: [https://127.0.0.1:1], tls: {verify: false}}}
            routes: [{name: a, upstream: u, plugins: [{rate-limit: {limit: 1/s}}]}, {nam: b}]
            """);

        assertThat(lint.findings())
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:1:63 upstreams.u.tls.verify: false")
                .endsWith("[tls-unverified]");
    }

    @Test
    void allowsBehindAValueAndAboveIt() {
        Lint lint = lint("""
            routes:
              - name: a
                match: {paths: [/a]}
                plugins:
                  - rate-limit: {limit: 1/s}   # lint: allow limit-for-all
                  - respond: {}
              # They are asked by nobody yet.
              # lint: allow unreachable-route, equal-matches - kept until July
              #   lint: allow limit-for-all: elsewhere

              - name: b
                match: {paths: [/a]}
                plugins: [{respond: {body: "# lint: allow"}}]
            """);

        assertThat(lint.allowed())
                .extracting(finding -> finding.rule().toString(), Finding::allowed)
                .containsExactly(tuple("limit-for-all", ""), tuple("unreachable-route", "kept until July"));
        assertThat(lint.open())
                .extracting(Finding::toString)
                .containsExactly(
                        "gateway.yaml:8:3: equal-matches is allowed here, and not found; remove the comment"
                                + " [idle-allow]",
                        "gateway.yaml:9:3: limit-for-all is allowed here, and not found; remove the comment"
                                + " [idle-allow]");
        assertThat(lint.told()).isEqualTo("2 findings, 2 allowed");
    }

    @Test
    void saysThatAnAllowedRuleIsNone() {
        assertThat(open("# lint: allow limit-to-all\nroutes: []\n"))
                .containsExactly(
                        "gateway.yaml:1:1: limit-to-all is no rule of lint; mend the name, or remove the comment"
                                + " [idle-allow]");
    }

    @Test
    void showsNoSecretOfAMatch() {
        assertThat(open("""
            routes:
              - {name: a, match: {paths: ["/${env:SECRET}/{x}"]}, plugins: [{respond: {}}]}
              - {name: b, match: {paths: ["/{y}/z"]}, plugins: [{respond: {}}]}
            """))
                .singleElement()
                .asString()
                .doesNotContain("s3cr3t")
                .contains("GET /");
    }

    @Test
    void namesHostsWhereOneOfThemIsShadowed() {
        assertThat(open("""
            routes:
              - {name: a, match: {hosts: [a.com], paths: [/x]}, plugins: [{respond: {}}]}
              - {name: b, match: {hosts: [A.com, b.com], paths: [/x, /y]}, plugins: [{respond: {}}]}
            """)).containsExactly("""
                gateway.yaml:3:54 routes[1].match.paths[0]: a.com/x of b takes no request: a at gateway.yaml:2:5 goes\
                 first for all that it takes; remove it, or make it more specific [shadowed-match]\
                """);
    }
}
