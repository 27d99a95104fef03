package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class YamlEditTest {

    private static final String BLOCK = """
        # the shop
        routes:
          - name: a   # first
            match: {paths: [/a]}
            plugins:
              - respond:
                  body: |
                    two
                    lines
          # before b
          - {name: b, upstream: up} # b
        upstreams:
          up:
            targets: [http://a:1]
          other: {targets: [http://b:1]}
        # the end
        """;

    private static ConfigNode value(String yaml) {
        ConfigNode node = new YamlText("new", problem -> {
                    throw new AssertionError(problem.toString());
                })
                .parse(yaml);
        return java.util.Objects.requireNonNull(node);
    }

    private static final ConfigNode NEW_B = value("{name: b, match: {paths: [/b]}}");

    @Test
    void exchangesAnItemOfAListAndLeavesTheRestAsItIs() {
        YamlEdit edit = new YamlEdit("routes", "b");

        assertThat(edit.line(BLOCK)).isEqualTo(11);
        assertThat(edit.put(BLOCK, NEW_B))
                .isEqualTo(BLOCK.replace("{name: b, upstream: up}", "{name: b, match: {paths: [/b]}}"));
        assertThat(new YamlEdit("routes", "a").put(BLOCK, value("{name: a, upstream: up}")))
                .isEqualTo("""
                    # the shop
                    routes:
                      - {name: a, upstream: up}
                      # before b
                      - {name: b, upstream: up} # b
                    upstreams:
                      up:
                        targets: [http://a:1]
                      other: {targets: [http://b:1]}
                    # the end
                    """);
    }

    @Test
    void longOnesStandOnSeveralLines() {
        String path = "/a-path-that-is-so-long-that-two-of-its-kind-do-not-fit-on-one-line";

        assertThat(new YamlEdit("routes", "b")
                        .put(BLOCK, value("{name: b, match: {paths: [" + path + ", " + path + "/2]}}")))
                .contains("  # before b\n  - name: b\n    match:\n      paths:\n        - " + path + "\n        - "
                        + path + "/2 # b\n");
    }

    @Test
    void addsAnItemAfterTheLast() {
        assertThat(new YamlEdit("routes", "c").put(BLOCK, value("{name: c}")))
                .isEqualTo(BLOCK.replace("upstream: up} # b\n", "upstream: up} # b\n  - {name: c}\n"));
        assertThat(new YamlEdit("upstreams", "third").put(BLOCK, value("{targets: [http://c:1]}")))
                .isEqualTo(BLOCK.replace("[http://b:1]}\n", "[http://b:1]}\n  third: {targets: [\"http://c:1\"]}\n"));
    }

    @Test
    void exchangesTheValueOfAKey() {
        assertThat(new YamlEdit("upstreams", "up").put(BLOCK, value("{targets: [http://c:1]}")))
                .isEqualTo(BLOCK.replace("  up:\n    targets: [http://a:1]\n", "  up: {targets: [\"http://c:1\"]}\n"));
    }

    @Test
    void makesASectionThatIsNotThere() {
        YamlEdit edit = new YamlEdit("consumers", "c");

        assertThat(edit.put(BLOCK, value("{name: c}"))).isEqualTo(BLOCK + "consumers:\n  - {name: c}\n");
        assertThat(edit.put("consumers:\nlog: {}\n", value("{name: c}")))
                .isEqualTo("consumers: [{name: c}]\nlog: {}\n");
        assertThat(edit.put("consumers: []\n", value("{name: c}"))).isEqualTo("consumers: [{name: c}]\n");
        assertThat(edit.put("{\"version\": 1}", value("{name: c}")))
                .isEqualTo("{\"version\": 1, consumers: [{name: c}]}");
        assertThat(edit.put("", value("{name: c}"))).isEqualTo("consumers:\n  - {name: c}\n");
    }

    @Test
    void removesAPart() {
        assertThat(new YamlEdit("routes", "b").remove(BLOCK))
                .isEqualTo(BLOCK.replace("  - {name: b, upstream: up} # b\n", ""));
        assertThat(new YamlEdit("upstreams", "up").remove(BLOCK))
                .isEqualTo(BLOCK.replace("  up:\n    targets: [http://a:1]\n", ""));
        assertThat(new YamlEdit("routes", "none").remove(BLOCK)).isEqualTo(BLOCK);
        String flow = "routes: [{name: a}, {name: b}, {name: c}]\n";
        assertThat(new YamlEdit("routes", "a").remove(flow)).isEqualTo("routes: [{name: b}, {name: c}]\n");
        assertThat(new YamlEdit("routes", "c").remove(flow)).isEqualTo("routes: [{name: a}, {name: b}]\n");
        assertThat(new YamlEdit("routes", "a").remove("routes:\n  - name: a\nlog: {}\n"))
                .isEqualTo("routes:\n  []\nlog: {}\n");
    }

    @Test
    void whatItWritesIsReadAsItWasMeant() {
        List<String> odd =
                List.of("[a, b]", "{x: \"${env:A}\"}", "\"- no item\"", "\"# no comment\"", "\"a: b\"", "\"\"");
        for (String one : odd) {
            ConfigNode value = value("{name: b, tags: {t: " + one + "}}");

            String text = new YamlEdit("consumers", "b").put("consumers:\n  - name: b\n    tags: {t: x}\n", value);

            ConfigNode read = value(text);
            assertThat(Sources.find(read, "consumers[0]")).isNotNull();
            assertThat(WrittenText.json(Sources.find(read, "consumers[0]"))).isEqualTo(WrittenText.json(value));
        }
    }
}
