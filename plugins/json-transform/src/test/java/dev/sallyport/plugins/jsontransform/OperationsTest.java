package dev.sallyport.plugins.jsontransform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Request;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Pointer;
import dev.sallyport.json.Rewriter;
import dev.sallyport.plugins.jsontransform.Change.Kind;
import dev.sallyport.plugins.jsontransform.JsonTransformConfig.Operation;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OperationsTest {

    private static final int DOCUMENTS = Integer.getInteger("sallyport.documents", 20_000);

    private static final Request REQUEST =
            Requests.of("POST", "/?q=7").header("x-user", "zoë \"z\"").build();

    private static final List<Object> VALUES =
            List.of("x", 7L, true, List.of(1L, Map.of("k", "v")), Map.of("n", Map.of("m", 1.5)), "");

    static Operation set(Map<String, Object> set) {
        return new Operation(set, Map.of(), Map.of(), List.of(), Map.of(), List.of(), null);
    }

    static Operation add(Map<String, Object> add) {
        return new Operation(Map.of(), add, Map.of(), List.of(), Map.of(), List.of(), null);
    }

    static Operation replace(Map<String, Object> replace) {
        return new Operation(Map.of(), Map.of(), replace, List.of(), Map.of(), List.of(), null);
    }

    static Operation remove(String... remove) {
        return new Operation(Map.of(), Map.of(), Map.of(), List.of(remove), Map.of(), List.of(), null);
    }

    static Operation rename(String place, String name) {
        return new Operation(Map.of(), Map.of(), Map.of(), List.of(), Map.of(place, name), List.of(), null);
    }

    static Operation mask(String... mask) {
        return new Operation(Map.of(), Map.of(), Map.of(), List.of(), Map.of(), List.of(mask), null);
    }

    static Operation template(String template) {
        return new Operation(Map.of(), Map.of(), Map.of(), List.of(), Map.of(), List.of(), template);
    }

    static Operations operations(List<Operation> operations) {
        return operations(operations, JsonTransformFilterTest.config(operations, List.of()));
    }

    static Operations operations(List<Operation> operations, JsonTransformConfig config) {
        return Operations.of("request", operations, config, FakeContext.create());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String changed(String json, Operation... operations) throws BadContentException {
        return changed(json, operations(List.of(operations)), List.of());
    }

    /** Fed in parts that end before those bytes. */
    static String changed(String json, Operations operations, List<Integer> cuts) throws BadContentException {
        Rewriter rewriter = operations.rewriter(REQUEST, false);
        byte[] all = bytes(json);
        int from = 0;
        for (int cut : cuts) {
            rewriter.feed(all, from, cut);
            from = cut;
        }
        rewriter.feed(all, from, all.length);
        rewriter.end();
        return new String(rewriter.out().toArray(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
        {"a":1,"b":2}            | /a      | {"b":2}
        {"a":1,"b":2}            | /b      | {"a":1}
        {"a":1}                  | /a      | {}
        { "a" : 1 , "b" : 2 }    | /b      | { "a" : 1  }
        {"a":{"b":[1,{"c":2}]}}  | /a/b/1/c| {"a":{"b":[1,{}]}}
        [1,2,3]                  | /0      | [2,3]
        [1,2,3]                  | /1      | [1,3]
        [1,2,3]                  | /2      | [1,2]
        [{"a":1},{"a":2,"b":3}]  | /*/a    | [{},{"b":3}]
        {"x":{"a":1},"y":{"a":2}}| /*/a    | {"x":{},"y":{}}
        {"a":1,"a":2,"b":3}      | /a      | {"b":3}
        {"\\u0061":1}            | /a      | {}
        {"a/b":1,"m~n":2}        | /a~1b   | {"m~n":2}
        {"*":1,"b":2}            | /~2     | {"b":2}
        {"a":1}                  | /a/b    | {"a":1}
        """)
    void removes(String json, String place, String left) throws Exception {
        assertThat(changed(json, remove(place))).isEqualTo(left);
    }

    @Test
    void setsWhatIsThereAndWhatIsNot() throws Exception {
        assertThat(changed("{\"a\": {\"old\": [1]} , \"b\":2}", set(Map.of("/a", 7L))))
                .isEqualTo("{\"a\": 7 , \"b\":2}");
        assertThat(changed("{\"b\":2 }", set(Map.of("/a", "x")))).isEqualTo("{\"b\":2,\"a\":\"x\" }");
        assertThat(changed("{}", set(Map.of("/a/b/c", true)))).isEqualTo("{\"a\":{\"b\":{\"c\":true}}}");
        assertThat(changed("{\"a\":1}", set(Map.of("/a/b", true)))).isEqualTo("{\"a\":1}");
        assertThat(changed("[1,2]", set(Map.of("/1", 9L)))).isEqualTo("[1,9]");
        assertThat(changed("[1,2]", set(Map.of("/2", 9L)))).isEqualTo("[1,2]");
        assertThat(changed("[1,2]", set(Map.of("/-", 9L)))).isEqualTo("[1,2,9]");
        assertThat(changed("{}", set(Map.of("/tags/-", "t")))).isEqualTo("{\"tags\":[\"t\"]}");
        assertThat(changed("{}", set(Map.of("/list/0/a", "t")))).isEqualTo("{}");
        assertThat(changed("[1]", set(Map.of("", "all")))).isEqualTo("\"all\"");
        assertThat(changed("{}", set(Map.of("/a", Map.of("value", Map.of("from", "here"))))))
                .isEqualTo("{\"a\":{\"from\":\"here\"}}");
    }

    @Test
    void addsOnlyWhatIsNotThereAndReplacesOnlyWhatIs() throws Exception {
        assertThat(changed("{\"a\":null}", add(Map.of("/a", 1L)))).isEqualTo("{\"a\":null}");
        assertThat(changed("{}", add(Map.of("/a", 1L)))).isEqualTo("{\"a\":1}");
        assertThat(changed("{\"a\":null}", replace(Map.of("/a", 1L)))).isEqualTo("{\"a\":1}");
        assertThat(changed("{}", replace(Map.of("/a", 1L)))).isEqualTo("{}");
    }

    @Test
    void takesValuesFromTheRequest() throws Exception {
        assertThat(changed("{}", set(Map.of("/user", Map.of("from", "header.x-user")))))
                .isEqualTo("{\"user\":\"zoë \\\"z\\\"\"}");
        assertThat(changed("{\"user\":1}", set(Map.of("/user", Map.of("from", "header.x-none")))))
                .isEqualTo("{\"user\":1}");
        assertThat(changed("{}", set(Map.of("/user", Map.of("from", "header.x-none")))))
                .isEqualTo("{}");
    }

    @Test
    void renamesInPlaceAndKeepsTheFirstOfTwo() throws Exception {
        assertThat(changed("{\"a\" : 1,\"b\":2}", rename("/a", "c"))).isEqualTo("{\"c\" : 1,\"b\":2}");
        assertThat(changed("{\"a\":1,\"c\":2}", rename("/a", "c"))).isEqualTo("{\"c\":1}");
        assertThat(changed("{\"c\":2,\"a\":1}", rename("/a", "c"))).isEqualTo("{\"c\":2}");
        assertThat(changed("[{\"a\":1},{\"a\":2}]", rename("/*/a", "quo\"te")))
                .isEqualTo("[{\"quo\\\"te\":1},{\"quo\\\"te\":2}]");
    }

    @Test
    void masksAllThatIsInside() throws Exception {
        assertThat(changed("{\"card\":{\"n\":4111,\"x\":[true,null,\"s\"]},\"b\":1}", mask("/card")))
                .isEqualTo("{\"card\":{\"n\":\"***\",\"x\":[\"***\",null,\"***\"]},\"b\":1}");
    }

    @Test
    void makesApartOnesInOnePassAndOthersOneAfterTheOther() throws Exception {
        Operations apart =
                operations(List.of(remove("/a", "/b/c"), set(Map.of("/b/d", 1L)), rename("/x", "y"), mask("/m")));
        assertThat(apart.passes()).isOne();
        assertThat(operations(List.of(remove("/l/0"), remove("/l/1"))).passes()).isEqualTo(2);
        assertThat(changed("[1,2,3]", remove("/0"), remove("/0"))).isEqualTo("[3]");
        assertThat(changed("{\"a\":1}", rename("/a", "b"), set(Map.of("/a", 2L))))
                .isEqualTo("{\"b\":1,\"a\":2}");
    }

    @Test
    void givesWhatATreeGivesForAnyDocumentAndOperationsCutAnywhere() throws Exception {
        Random random = new Random(20_261_126);
        for (int i = 0; i < DOCUMENTS; i++) {
            String json = new RandomJson(random).document();
            List<Operation> operations = new ArrayList<>();
            List<Change> changes = new ArrayList<>();
            List<Tree> values = new ArrayList<>();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                random(random, operations, changes, values);
            }
            Tree expected = Tree.read(bytes(json));
            for (Change change : changes) {
                expected = expected.after(change, values);
            }
            List<Integer> cuts = random.ints(random.nextInt(4), 0, bytes(json).length + 1)
                    .sorted()
                    .boxed()
                    .toList();

            String changed = changed(json, operations(operations), cuts);

            assertThat(Tree.read(bytes(changed)))
                    .as("%s after %s", json, changes)
                    .isEqualTo(expected);
        }
    }

    private static void random(Random random, List<Operation> operations, List<Change> changes, List<Tree> values) {
        List<String> names = List.of("a", "b", "c", "0", "1", "*", "~2", "a~1b");
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        StringBuilder place = new StringBuilder();
        for (int steps = 1 + random.nextInt(3); steps > 0; steps--) {
            String name = names.get(random.nextInt(kind == Kind.RENAME && steps == 1 ? 5 : names.size()));
            place.append('/').append(kind.makes() && steps == 1 && random.nextInt(4) == 0 ? "-" : name);
        }
        Object value = VALUES.get(random.nextInt(VALUES.size()));
        String name = names.get(random.nextInt(5));
        Map<String, Object> both = new LinkedHashMap<>(Map.of(place.toString(), value));
        operations.add(
                switch (kind) {
                    case SET -> set(both);
                    case ADD -> add(both);
                    case REPLACE -> replace(both);
                    case REMOVE -> remove(place.toString());
                    case RENAME -> rename(place.toString(), name);
                    case MASK -> mask(place.toString());
                });
        values.add(Tree.of(value));
        changes.add(new Change(kind, Pointer.parse(place.toString()), kind.hasValue() ? values.size() - 1 : -1, name));
    }

    @Test
    void leavesADocumentThatNothingIsDoneToAsItIsWhereverItIsCut() throws Exception {
        Operations operations = operations(List.of(remove("/none/at/all"), remove("/*/none")));
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            String json = new RandomJson(random).document();
            for (int cut = 0; cut <= bytes(json).length; cut++) {
                assertThat(changed(json, operations, List.of(cut))).isEqualTo(json);
            }
        }
    }
}
