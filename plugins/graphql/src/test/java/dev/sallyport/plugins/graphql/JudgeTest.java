package dev.sallyport.plugins.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.graphql.GraphqlConfig.FieldRule;
import dev.sallyport.plugins.graphql.GraphqlConfig.Kind;
import dev.sallyport.plugins.graphql.RefusedException.Why;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JudgeTest {

    private static final String SDL = """
        interface Node { id: ID! }
        type User implements Node { id: ID! email: String name: String posts(first: Int): [Post!]! }
        type Post implements Node { id: ID! title: String author: User comments: [Comment] }
        type Comment { text: String author: User }
        union Found = User | Post
        type Query { me: User node(id: ID!): Node search(text: String): [Found] posts(limit: Int): [Post] }
        extend type Query { version: String }
        type Mutation { rename(name: String): User }
        """;

    @TempDir
    Path folder;

    private final Settings settings = new Settings();
    private final Request request = Requests.get("/").build();

    private Operation judge(String query) throws RefusedException {
        return judge(query, "{}", request);
    }

    private Operation judge(String query, String variables, Request asking) throws RefusedException {
        var json = Call.JSON.createObjectNode();
        json.put("query", query);
        json.set("variables", Call.JSON.readTree(variables));
        return new Judge(settings.build()).judge(Call.of(json), asking, false);
    }

    private RefusedException refusal(String query) {
        RefusedException refusal = catchThrowableOfType(RefusedException.class, () -> judge(query));
        assertThat(refusal).as(query).isNotNull();
        return refusal;
    }

    private void schema() throws IOException {
        settings.schema = Files.writeString(folder.resolve("schema.graphql"), SDL);
    }

    private static Request by(String consumer, String... groups) {
        return Requests.get("/")
                .exchange(FakeExchange.builder()
                        .consumer(new Consumer(consumer, List.of(groups), Map.of()))
                        .build())
                .build();
    }

    @Test
    void measuresAnOperation() throws Exception {
        Operation operation = judge("query Q { a { b ...F } c } fragment F on T { d { e } }");

        assertThat(operation).isEqualTo(new Operation(Kind.QUERY, "Q", 3, 5, 5));
    }

    @Test
    void refusesWhatIsTooDeep() throws Exception {
        settings.maxDepth = 3;
        judge("{a{b{c}}}");

        RefusedException refusal = refusal("{a{b{... on X{...F}}}} fragment F on Y {c{d}}");

        assertThat(refusal.why()).isEqualTo(Why.TOO_COMPLEX);
        assertThat(refusal.path()).isEqualTo("a.b.c.d");
        assertThat(refusal.line()).isEqualTo(1);
    }

    /** A length that the service would take counts, in whatever way it is written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{a(first:1000000){b}}",
                "{a(last:1,first:1000000){b}}",
                "query($n:Int){a(first:$n){b}}",
                "query($f:Int){a(first:$f){b}}",
                "query($e:Int){a(first:$e){b}}",
                "query($h:Int){a(first:$h){b}}",
            })
    void countsTheLengthThatAListIsAskedFor(String query) {
        RefusedException refusal = catchThrowableOfType(
                RefusedException.class,
                () -> judge(query, "{\"n\":1000000,\"f\":1000000.0,\"e\":1e6,\"h\":1e300}", request));

        assertThat(refusal).isNotNull();
        assertThat(refusal.why()).isEqualTo(Why.TOO_COMPLEX);
    }

    /** What two readers could understand differently. */
    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] overlong =
                "{\"query\":\"#??{safe(x:\\\"\\\"\\\"\\n{evil}#\\\"\\\"\\\")}\"}".getBytes(StandardCharsets.UTF_8);
        overlong[11] = (byte) 0xc0;
        overlong[12] = (byte) 0x8a;

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Call.read("the body", overlong))
                .withMessageContaining("not UTF-8, at byte 12");
    }

    @Test
    void refusesAKeyInAnotherCase() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Call.of(Call.JSON.readTree("{\"query\":\"{safe}\",\"Query\":\"{evil}\"}")))
                .withMessageContaining("query is written in another case");
    }

    @ParameterizedTest
    @MethodSource
    void refusesWhatWouldTakeTheParserLong(String query) {
        assertThat(refusal(query).why()).isEqualTo(Why.SYNTAX);
    }

    static List<String> refusesWhatWouldTakeTheParserLong() {
        return List.of(
                "{a(x:" + "7".repeat(200_000) + ")}",
                "{a(x:1." + "7".repeat(200_000) + ")}",
                "{a(x:\"\"\"" + " \n".repeat(100_000) + "\"\"\")}");
    }

    @Test
    void refusesWhatTheParserItselfStumblesOver() {
        assertThat(refusal("{a(x:\"\\u{ffffffffffffff}\")}").why()).isEqualTo(Why.SYNTAX);
    }

    @Test
    void refusesTooManyFieldsAliasesDirectivesAndTokens() {
        settings.maxFields = 20;
        settings.maxAliases = 3;
        settings.maxDirectives = 2;
        settings.maxTokens = 100;

        assertThat(refusal("{" + "a ".repeat(21) + "}").text()).isEqualTo("more than 20 fields");
        assertThat(refusal("{a:x b:x c:x d:x}").text()).isEqualTo("more than 3 aliases");
        assertThat(refusal("{a @x @x @x}").text()).isEqualTo("more than 2 directives");
        assertThat(refusal("{" + "a ".repeat(200) + "}").why()).isEqualTo(Why.SYNTAX);
    }

    /** Each fragment spreads the next one ten times: 10^15 fields in 1,500 tokens. */
    @Test
    void isNotKeptBusyByFragments() {
        StringBuilder query = new StringBuilder("{...F0}");
        for (int i = 0; i < 15; i++) {
            query.append("fragment F%d on T {".formatted(i))
                    .append("...F%d ".formatted(i + 1).repeat(10))
                    .append('}');
        }
        query.append("fragment F15 on T {a}");

        assertThat(refusal(query.toString()).text()).isEqualTo("more than 500 fields");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{...A} fragment A on T {...A}",
                "{...A} fragment A on T {b{...B}} fragment B on T {...A}",
                "{...Nowhere}",
                "query A {a} query B {b}",
                "fragment A on T {a}"
            })
    void refusesWhatIsNotValid(String query) {
        assertThat(refusal(query).why()).isEqualTo(Why.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{a", "query {a(x:)}", "{a} }", "\u0000", "{a(b:\"\\q\")}", "{}", "type X {"})
    void refusesWhatIsNotGraphql(String query) {
        RefusedException refusal = refusal(query);

        assertThat(refusal.why()).isIn(Why.SYNTAX, Why.INVALID);
    }

    @Test
    void tellsWhereItIsNotGraphql() {
        assertThat(refusal("{a\n  b(}").line()).isEqualTo(2);
    }

    @Test
    void nestingWithoutEndIsRefused() {
        settings.maxTokens = 100_000;
        settings.maxDepth = 200;

        assertThat(refusal("{a".repeat(20_000)).why()).isEqualTo(Why.SYNTAX);
        assertThat(refusal("{a(x:" + "[".repeat(20_000)).why()).isEqualTo(Why.SYNTAX);
    }

    @Test
    void noTextBreaksIt() {
        Random random = new Random(3);
        String letters = "{}()[]:!$@.\"\\#, \na1query fragment on";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder("{a");
            for (int j = random.nextInt(40); j > 0; j--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                judge(text.toString());
            } catch (RefusedException refused) {
                assertThat(refused.why()).isIn(Why.SYNTAX, Why.INVALID, Why.TOO_COMPLEX);
            }
        }
    }

    @Test
    void countsTheCostOfListsByTheirArgumentsAndTheSchema() throws Exception {
        schema();
        settings.costs = Map.of("Post.comments", 5);
        settings.maxComplexity = 10_000;

        // posts 1; title 20; comments 20 * 5; text 20 * 10
        assertThat(judge("{posts(limit: 20) {title comments {text}}}").complexity())
                .isEqualTo(321);
        assertThat(judge("query($n: Int) {posts(limit: $n) {title}}", "{\"n\": 50}", request)
                        .complexity())
                .isEqualTo(51);
        assertThat(judge("query($n: Int = 7) {posts(limit: $n) {title}}").complexity())
                .isEqualTo(8);
        assertThat(judge("{posts {title}}").complexity()).isEqualTo(11);
        assertThat(refusal("{posts(limit: 99999999999999999999) {comments {author {posts {title}}}}}")
                        .why())
                .isEqualTo(Why.TOO_COMPLEX);
    }

    @Test
    void countsArgumentsOfListsWithoutASchema() throws Exception {
        assertThat(judge("{a(first: 30) {b c}}").complexity()).isEqualTo(61);
    }

    @Test
    void whoMayAskForTheSchema() throws Exception {
        settings.introspection = "\"developers\" in consumer.groups";

        judge("{__typename a {__typename}}");
        assertThat(refusal("{...F} fragment F on Query {__schema {types {name}}}")
                        .why())
                .isEqualTo(Why.INTROSPECTION);
        assertThat(refusal("{x: __type(name: \"A\") {name}}").why()).isEqualTo(Why.INTROSPECTION);
        judge(
                "{__schema {types {fields {type {ofType {ofType {ofType {ofType {ofType {ofType {name}}}}}}}}}}}",
                "{}",
                by("d", "developers"));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> judge(
                        "{__schema" + "{types{fields{type".repeat(10) + "{name}" + "}}}".repeat(10) + "}",
                        "{}",
                        by("d", "developers")));
    }

    @Test
    void whoMayAskForAFieldByItsPath() throws Exception {
        settings.fields = List.of(
                new FieldRule("me.email", Condition.parse("consumer == \"ada\"")),
                new FieldRule("admin", Condition.parse("consumer == \"ada\"")),
                new FieldRule("stats.*", Condition.parse("consumer == \"ada\"")));

        judge("{me {email} admin {x} stats {y}}", "{}", by("ada"));
        judge("{me {name {email}} stats}", "{}", by("bob"));
        assertThat(refusal("{x: me {...F}} fragment F on User {mail: email}").path())
                .isEqualTo("me.email");
        assertThat(refusal("{admin {x}}").why()).isEqualTo(Why.FIELD);
        assertThat(refusal("{stats {... {y}}}").why()).isEqualTo(Why.FIELD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{me {email}}",
                "{posts {author {email}}}",
                "{node(id: 1) {... on User {email}}}",
                "{search(text: \"a\") {... on Node {...F}}} fragment F on User {a: email}",
                "mutation {rename(name: \"x\") {email}}"
            })
    void whoMayAskForAFieldByItsTypeWhateverTheWay(String query) throws Exception {
        schema();
        settings.fields = List.of(new FieldRule("User.email", Condition.parse("consumer == \"ada\"")));

        RefusedException refusal = refusal(query);

        assertThat(refusal.why()).isEqualTo(Why.FIELD);
        judge(query, "{}", by("ada"));
        judge("{me {name} version}", "{}", by("bob"));
    }

    @Test
    void aRuleOfATypeCountsForItsInterface() throws Exception {
        schema();
        settings.fields = List.of(new FieldRule("User.id", Condition.parse("consumer == \"ada\"")));

        assertThat(refusal("{node(id: 1) {id}}").why()).isEqualTo(Why.FIELD);
        judge("{posts {id}}");
    }

    @Test
    void whatTheSchemaDoesNotHaveIsNotValid() throws Exception {
        schema();

        assertThat(refusal("{me {password}}").text()).isEqualTo("User has no such field");
        assertThat(refusal("{me {... on Nobody {x}}}").why()).isEqualTo(Why.INVALID);
        assertThat(refusal("subscription {a}").why()).isEqualTo(Why.INVALID);
    }

    @Test
    void kindsAndNames() {
        settings.kinds = Set.of(Kind.QUERY);
        settings.nameRequired = true;

        assertThat(refusal("mutation M {a}").why()).isEqualTo(Why.KIND);
        assertThat(refusal("{a}").text()).isEqualTo("the operation needs a name");
    }

    @Test
    void aMutationIsNotAskedByGet() {
        var json = Call.JSON.createObjectNode();
        json.put("query", "query A {a} mutation B {b}");
        json.put("operationName", "B");

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> new Judge(settings.build()).judge(Call.of(json), request, true))
                .matches(refusal -> refusal.why() == Why.METHOD);
    }

    @Test
    void settingsThatCannotWorkAreRefused() throws Exception {
        settings.fields = List.of(new FieldRule("User.email", Condition.parse("true")));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new Judge(settings.build()))
                .withMessageContaining("schema beside it");
        schema();
        settings.fields = List.of(new FieldRule("User.mail", Condition.parse("true")));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new Judge(settings.build()))
                .withMessageContaining("a field that User has");
        settings.schema = Files.writeString(folder.resolve("bad.graphql"), "type Query {");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new Judge(settings.build()))
                .withMessageContaining("bad.graphql");
    }
}
