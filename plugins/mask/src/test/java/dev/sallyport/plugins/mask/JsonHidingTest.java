package dev.sallyport.plugins.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Rewriter;
import dev.sallyport.plugins.mask.MaskConfig.Rule;
import dev.sallyport.plugins.mask.MaskConfig.Where;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonHidingTest {

    private static final JsonMapper JACKSON = new JsonMapper();

    private static String hidden(String json, Rule... rules) throws BadContentException {
        return hidden(json, new int[0], rules);
    }

    private static String hidden(String json, int[] cuts, Rule... rules) throws BadContentException {
        Hiding hiding = new Hiding(List.of(rules), Where.REQUEST);
        Rewriter rewriter = JsonHiding.rewriter(hiding, FieldTree.of(hiding.fields()), false, _ -> {});
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int cut : cuts) {
            rewriter.feed(bytes, from, cut);
            from = cut;
        }
        rewriter.feed(bytes, from, bytes.length);
        rewriter.end();
        return new String(rewriter.out().toArray(), StandardCharsets.UTF_8);
    }

    @Test
    void hidesFieldsByTheirPlace() throws Exception {
        String json = "{\"a\":{\"b\":[1,\"x\",null,{\"c\":true}]},\"b\":1.10,\"l\":[{\"p\":1},{\"p\":2}]}";

        assertThat(hidden(json, Rules.fields(Rules.STARS, "/a/b", "/l/*/p")))
                .isEqualTo("{\"a\":{\"b\":[\"***\",\"***\",null,{\"c\":\"***\"}]},\"b\":1.10,"
                        + "\"l\":[{\"p\":\"***\"},{\"p\":\"***\"}]}");
        assertThat(hidden(json, Rules.fields(new Style.Remove(), "/a", "/l/0", "/*/*/p")))
                .isEqualTo("{\"b\":1.10,\"l\":[{}]}");
    }

    @Test
    void hidesNamesAtAnyDepthAndInAnyCase() throws Exception {
        assertThat(hidden(
                        "{\"Password\":\"x\",\"a\":[{\"pass\\u0077ord\":1,\"passwords\":2}]}",
                        Rules.names(new Style.Text("hidden"), "password")))
                .isEqualTo("{\"Password\":\"hidden\",\"a\":[{\"pass\\u0077ord\":\"hidden\",\"passwords\":2}]}");
    }

    @Test
    void hidesWhatIsFoundInTextsAndCardsInNumbers() throws Exception {
        Rule rule = Rules.patterns(new Style.Last(4), KnownPattern.CARD, KnownPattern.EMAIL, KnownPattern.PHONE);

        assertThat(hidden("{\"a\":\"pay 4111-1111-1111-1111\\n\",\"n\":4111111111111111,\"m\":4155552671}", rule))
                .isEqualTo("{\"a\":\"pay ****-****-****-1111\\u000a\",\"n\":\"************1111\",\"m\":4155552671}");
        assertThat(hidden("[\"\\u0034111111111111111\"]", rule)).isEqualTo("[\"************1111\"]");
        assertThat(hidden("[\"a\\u0040b.example\\/x\"]", rule)).isEqualTo("[\"*@*.***mple/x\"]");
        assertThat(hidden("[\"\\u00e9\\/ \\ud83d\\n\"]", rule)).isEqualTo("[\"\\u00e9\\/ \\ud83d\\n\"]");
        assertThat(hidden("[\"\\ud83d \\ud83d\\ude00 \\u0000 a@b.example\"]", rule))
                .isEqualTo("[\"\\ud83d 😀 \\u0000 *@*.***mple\"]");
    }

    @Test
    void theFirstRuleCounts() throws Exception {
        assertThat(hidden(
                        "{\"card\":\"4111111111111111\"}",
                        Rules.patterns(new Style.Text("b"), KnownPattern.CARD),
                        Rules.patterns(new Style.Text("c"), KnownPattern.CARD)))
                .isEqualTo("{\"card\":\"b\"}");
    }

    @Test
    void findsTheSameInLongTextsWhereverTheyAreCut() throws Exception {
        StringBuilder text = new StringBuilder("[\"");
        while (text.length() < 3 * Search.KEPT) {
            text.append("xé\\n \\ud83d 4111 1111 1111 1111 \\u0041 ");
        }
        String json = text.append("\"]").toString();
        Rule rule = Rules.patterns(new Style.Text("<card>"), KnownPattern.CARD);
        String whole = hidden(json, rule);
        Random random = new Random(1);

        assertThat(JACKSON.readTree(whole).get(0).stringValue())
                .isEqualTo(JACKSON.readTree(json).get(0).stringValue().replace("4111 1111 1111 1111", "<card>"));
        for (int i = 0; i < 200; i++) {
            int[] cuts = random.ints(5, 0, json.length()).sorted().toArray();
            assertThat(hidden(json, cuts, rule)).isEqualTo(whole);
        }
    }

    @Test
    void hidesNothingMoreAndNothingLessThanATreeWould() throws Exception {
        Random random = new Random(20_261_126);
        Rule[] rules = {
            Rules.names(Rules.STARS, "secret"),
            Rules.patterns(new Style.Text("<p>"), KnownPattern.CARD, KnownPattern.EMAIL)
        };
        for (int i = 0; i < 50_000; i++) {
            String json = document(random, 4);
            int[] cuts = random.ints(2, 0, json.length() + 1).sorted().toArray();

            String hidden = hidden(json, cuts, rules);

            assertThat(JACKSON.readTree(hidden)).as(json).isEqualTo(hidden(JACKSON.readTree(json), false));
        }
    }

    private static String document(Random random, int depth) {
        String[] scalars = {
            "1",
            "\"a@b.example\"",
            "\"4111 1111 1111 1111\"",
            "4111111111111111",
            "null",
            "true",
            "\"x\\n\"",
            "\"a\\u0040b.co \""
        };
        if (depth == 0 || random.nextInt(3) == 0) {
            return scalars[random.nextInt(scalars.length)];
        }
        List<String> parts = new ArrayList<>();
        boolean array = random.nextBoolean();
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = random.nextInt(4) == 0 ? "SECRET" : "n" + i;
            parts.add((array ? "" : "\"" + name + "\" : ") + document(random, depth - 1));
        }
        return (array ? "[" : "{") + String.join(", ", parts) + (array ? "]" : "}");
    }

    private static JsonNode hidden(JsonNode node, boolean secret) {
        var nodes = JACKSON.getNodeFactory();
        if (node.isArray()) {
            var array = nodes.arrayNode();
            node.forEach(element -> array.add(hidden(element, secret)));
            return array;
        }
        if (node.isObject()) {
            var object = nodes.objectNode();
            node.properties()
                    .forEach(member -> object.set(
                            member.getKey(),
                            hidden(member.getValue(), secret || member.getKey().equals("SECRET"))));
            return object;
        }
        if (secret) {
            return node.isNull() ? node : nodes.stringNode("***");
        }
        String text = node.asString()
                .replace("4111 1111 1111 1111", "<p>")
                .replace("4111111111111111", "<p>")
                .replace("a@b.example", "<p>")
                .replace("a@b.co", "<p>");
        return text.equals(node.asString()) ? node : nodes.stringNode(text);
    }
}
