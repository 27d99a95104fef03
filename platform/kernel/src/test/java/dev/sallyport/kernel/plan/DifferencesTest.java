package dev.sallyport.kernel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.WrittenConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DifferencesTest {

    private static final String ORDERS = """
        routes:
          - name: orders
            match: {paths: [/orders/**], methods: [GET]}
            plugins:
              - rate-limit: {limit: 100/s, by: consumer}
              - headers: {request: {set: {x-a: b}}}
                mode: monitor
              - respond: {body: hello}
        """;

    private static WrittenConfig written(String yaml) {
        return WrittenConfig.of("gateway.yaml", Map.of("gateway.yaml", yaml));
    }

    private static List<String> between(String old, String now) {
        List<String> told = new ArrayList<>();
        for (Difference each : Differences.between(written(old), written(now))) {
            told.add(each.kind() + " " + each.part() + " at " + each.place());
            each.details().forEach(detail -> told.add(detail.toString()));
        }
        return told;
    }

    @Test
    void tellsKeyByKeyWhatARouteSaysNow() {
        List<String> told = between(
                ORDERS,
                ORDERS.replace("/orders/**", "/o/**")
                        .replace("100/s, by: consumer", "50/s")
                        .replace("        mode: monitor\n", "")
                        .replace("body: hello", "body: hello, status: 201"));

        assertThat(told)
                .containsExactly(
                        "changed route orders at gateway.yaml:2:5",
                        "match.paths: [\"/orders/**\"] -> [\"/o/**\"]",
                        "step rate-limit: limit: 100/s -> 50/s",
                        "- step rate-limit: by: consumer",
                        "- step headers: mode: monitor",
                        "+ step respond: status: 201");
    }

    @Test
    void tellsStepsThatComeGoAndMove() {
        List<String> told = between(ORDERS, """
            routes:
              - name: orders
                match: {paths: [/orders/**], methods: [GET]}
                plugins:
                  - respond: {body: hello}
                  - rate-limit: {limit: 100/s, by: consumer}
                  - use: public
            """);

        assertThat(told)
                .containsExactly(
                        "changed route orders at gateway.yaml:2:5",
                        "+ step use public: {use: public}",
                        "- step headers: {headers: {request: {set: {x-a: b}}}, mode: monitor}",
                        "order of steps: rate-limit, headers, respond -> respond, rate-limit, use public");
    }

    @Test
    void tellsWhatIsNewAndWhatIsGone() {
        List<String> told = between(
                "upstreams: {a: {targets: [\"http://a:1\"]}}\nchains: {public: [{respond: {}}]}\n",
                "upstreams: {b: {targets: [\"http://b:1\"], host: client}}\nlog: {level: debug}\n");

        assertThat(told)
                .containsExactly(
                        "added upstream b at gateway.yaml:1:13",
                        "+ targets: [\"http://b:1\"]",
                        "+ host: client",
                        "removed upstream a at gateway.yaml:1:13",
                        "- targets: [\"http://a:1\"]",
                        "added log at gateway.yaml:2:1",
                        "+ level: debug",
                        "removed chain public at gateway.yaml:2:10",
                        "- step respond: {respond: {}}");
    }

    @Test
    void whatMeansTheSameIsNoDifference() {
        assertThat(between(ORDERS, """
            # another comment
            routes: [{match: [{methods: GET, paths: "/orders/**"}], name: orders, plugins: [
              {rate-limit: {by: consumer, limit: "100/s"}},
              {headers: {request: {set: {x-a: b}}}, mode: monitor},
              {respond: {body: 'hello'}}]}]
            """)).isEmpty();
    }

    @Test
    void secretsStayReferencesAndOnesThatAreWrittenOutAreHidden() {
        List<String> told = between(
                "services: [{name: s, redis: {password: \"${env:OLD}\", token: abc, url: x}}]\n",
                "services: [{name: s, redis: {password: \"${env:NEW:-}\", token: abd, url: x}}]\n");

        assertThat(told)
                .containsExactly(
                        "changed service s at gateway.yaml:1:12",
                        "redis.password: \"${env:OLD}\" -> \"${env:NEW:-}\"",
                        "redis.token: \"(hidden)\" -> \"(hidden)\", another value");
    }

    @Test
    void aConfigurationIsPrintedAsOneInTheOrderOfItsIncludes() {
        WrittenConfig whole = WrittenConfig.of(
                "gateway.yaml",
                Map.of(
                        "gateway.yaml", "include: [z.yaml, conf.d/*.yaml]\nroutes: [{name: one}]\n",
                        "conf.d/a.yaml", "routes:\n  - {name: three, upstream: \"${env:UP}\"}\n",
                        "z.yaml", "routes:\n  - name: two\nupstreams: {up: {targets: [\"http://a:1\"]}}\n"));

        assertThat(whole.yaml()).isEqualTo("""
            include: ["z.yaml", "conf.d/*.yaml"]
            routes:
              - {name: one}
              - {name: two}
              - {name: three, upstream: "${env:UP}"}
            upstreams: {up: {targets: ["http://a:1"]}}
            """.replace("[\"z.yaml\"", "[z.yaml"));
    }
}
