package dev.sallyport.api.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExtensionProcessorTest {

    private static final String FACTORY = """
        @Type("%s") @Doc("Stamps.")
        public final class %s implements FilterFactory<%2$s.Config> {
            public record Config(%s) {}
            public Filter create(Config config, FilterContext context) { return (r, n) -> n.proceed(r); }
        %s
        }
        """;

    @TempDir
    Path out;

    @Test
    void writesIndexAndSchema() throws IOException {
        Compilation compiled =
                compile("stamp", "Stamp", "@Doc(\"The header.\") @Default(\"x-stamp\") String header", "");

        assertThat(compiled.messages()).isEmpty();
        assertThat(compiled.file("META-INF/extensions.idx")).isEqualTo("x.Stamp\n");
        assertThat(compiled.file("META-INF/sallyport/extensions.json")).isEqualToIgnoringWhitespace("""
            {"extensions": [{
              "point": "filter", "type": "stamp", "class": "x.Stamp", "doc": "Stamps.",
              "decidesAccess": false, "replayable": false, "provides": [], "reads": [], "caches": false, "limits": false,
              "config": {
                "type": "object",
                "properties": {"header": {"type": "string", "description": "The header.", "default": "x-stamp"}},
                "additionalProperties": false
              }
            }]}
            """);
    }

    @Test
    void tellsWhatStepsProvideReadAndDo() throws IOException {
        String source = FACTORY.formatted("t", "T", "", "");

        Compilation compiled = Compilation.of(
                out,
                source.replace(
                        "@Type(\"t\")",
                        "@Type(value = \"t\", provides = {\"consumer\", \"jwt-claims\"}, reads = \"a\", caches ="
                                + " true, limits = true)"));

        assertThat(compiled.messages()).isEmpty();
        assertThat(compiled.file("META-INF/sallyport/extensions.json").replaceAll("\\s", ""))
                .contains(
                        "\"decidesAccess\":false,\"replayable\":false,\"provides\":[\"consumer\",\"jwt-claims\"],\"reads\":[\"a\"],"
                            + "\"caches\":true,\"limits\":true");
    }

    @Test
    void refusesNamesThatNoAttributeHas() throws IOException {
        Compilation compiled = Compilation.of(
                out,
                FACTORY.formatted("t", "T", "", "").replace("@Type(\"t\")", "@Type(value = \"t\", reads = \"Jwt\")"));

        assertThat(compiled.messages())
                .singleElement()
                .asString()
                .contains("'Jwt' in @Type (expected: consumer, or the kebab-case name of an attribute)");
    }

    @Test
    void keepsWhatAnEarlierCompilationIndexed() throws IOException {
        compile("b", "B", "int limit", "");

        Compilation second = compile("a", "A", "@Nullable Duration pause", "");

        assertThat(second.messages()).isEmpty();
        assertThat(second.file("META-INF/extensions.idx")).isEqualTo("x.A\nx.B\n");
        assertThat(second.file("META-INF/sallyport/extensions.json"))
                .contains("\"type\": \"a\"", "\"type\": \"b\"", "\"required\": [\"limit\"]");
    }

    @Test
    void readsNullableOfClassesThatWereCompiledEarlier() throws IOException {
        compile("b", "B", "@Nullable Duration pause, @Nullable Map<String, String> tags, Map<String, String> more", "");

        Compilation second = compile("a", "A", "", "");

        assertThat(second.file("META-INF/sallyport/extensions.json")).doesNotContain("required");
    }

    @Test
    void namesNestedClassesAsTheJvmDoes() throws IOException {
        Compilation compiled = Compilation.of(out, """
            public final class Outer {
                public record Config(Optional<String> bad) {}
                @Type("inner")
                public static final class Inner implements FilterFactory<Outer.Empty> {
                    public Filter create(Empty config, FilterContext context) { return (r, n) -> n.proceed(r); }
                }
                public record Empty() {}
            }
            """);

        assertThat(compiled.messages()).isEmpty();
        assertThat(compiled.file("META-INF/extensions.idx")).isEqualTo("x.Outer$Inner\n");
    }

    @Test
    void refusesClassesThatTheGatewayCannotSee() throws IOException {
        Compilation compiled = Compilation.of(out, """
            public final class Outer {
                public record Config() {}
                @Type("inner")
                static final class Inner implements FilterFactory<Config> {
                    public Filter create(Config config, FilterContext context) { return (r, n) -> n.proceed(r); }
                }
            }
            """);

        assertThat(compiled.messages())
                .singleElement()
                .asString()
                .isEqualTo("4: x.Outer.Inner (expected: a public class); the gateway makes it from outside");
    }

    @Test
    void describesACredential() throws IOException {
        Compilation compiled = Compilation.of(out, """
            @Type("key-auth")
            public final class Key implements CredentialType<Key.Config> {
                public record Config(Secret hash, @Nullable LocalDate expires) {}
            }
            """, FACTORY.formatted("key-auth", "Auth", "", ""));

        assertThat(compiled.messages()).isEmpty();
        assertThat(compiled.file("META-INF/extensions.idx")).isEqualTo("x.Auth\nx.Key\n");
        assertThat(compiled.file("META-INF/sallyport/extensions.json"))
                .contains("\"point\": \"credential\"", "\"writeOnly\": true", "\"required\": [\"hash\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int n                                     | {'type':'integer','format':'int32'}",
                "@Min(1) @Max(9) long n                    |"
                        + " {'type':'integer','format':'int64','minimum':1,'maximum':9}",
                "double n                                  | {'type':'number'}",
                "@Default(\"2\") Integer n                 | {'type':'integer','format':'int32','default':2}",
                "boolean n                                 | {'type':'boolean','default':false}",
                "@Default(\"true\") boolean n              | {'type':'boolean','default':true}",
                "@Min(1) @Default(\"30s\") Duration n      |"
                    + " {'type':'string','format':'x-duration','pattern':'^[0-9]{1,9}(ms|s|m|h|d)$','x-minimum':1,'default':'30s'}",
                "@Max(1024) @Default(\"1KiB\") Size n      |"
                    + " {'type':'string','format':'x-size','pattern':'^[0-9]{1,18}(B|KiB|MiB|GiB)$','x-maximum':1024,'default':'1KiB'}",
                "Rate n                                    |"
                        + " {'type':'string','format':'x-rate','pattern':'^[0-9]{1,15}/[0-9]{0,9}(ms|s|m|h|d)$'}",
                "java.net.URI n                            | {'type':'string','format':'uri-reference'}",
                "java.nio.file.Path n                      | {'type':'string','format':'x-path'}",
                "LocalDate n                               | {'type':'string','format':'date'}",
                "List<String> n                            | {'type':'array','items':{'type':'string'},'default':[]}",
                "@Min(1) Set<Integer> n                    |"
                    + " {'type':'array','items':{'type':'integer','format':'int32'},'uniqueItems':true,'minItems':1}",
                "@Shorthand @Default(\"[a, 'b c']\") List<String> n |"
                    + " {'anyOf':[{'type':'string'},{'type':'array','items':{'type':'string'}}],'default':['a','bc']}",
                "Map<String, Duration> n                   |"
                    + " {'type':'object','additionalProperties':{'type':'string','format':'x-duration','pattern':'^[0-9]{1,9}(ms|s|m|h|d)$'},'default':{}}",
                "Map<String, Object> n                     |"
                        + " {'type':'object','additionalProperties':true,'default':{}}",
                "Mode n                                    | {'type':'string','enum':['per-route','keepLast']}",
                "@Default(\"per-route\") Mode n            |"
                        + " {'type':'string','enum':['per-route','keepLast'],'default':'per-route'}",
                "Percent n                                 | {'type':'string','format':'x-percent'}",
                "@Default(\"{}\") Part n                   |"
                    + " {'type':'object','properties':{'size':{'type':'integer','format':'int32','default':3}},'additionalProperties':false,'default':{}}",
                "Brief n                                   |"
                    + " {'anyOf':[{'type':'string'},{'type':'object','properties':{'url':{'type':'string'},'weight':{'type':'integer','format':'int32','default':1}},'required':['url'],'additionalProperties':false,'x-shorthand':'url'}]}",
                "In n                                      |"
                    + " {'oneOf':[{'type':'object','properties':{'header':{'anyOf':[{'type':'string'},{'type':'object','properties':{'name':{'type':'string'}},'required':['name'],'additionalProperties':false,'x-shorthand':'name'}]}},'required':['header'],'additionalProperties':false},{'const':'any-where'}]}",
                "@Default(\"{header: a}\") In n            |"
                    + " {'oneOf':[{'type':'object','properties':{'header':{'anyOf':[{'type':'string'},{'type':'object','properties':{'name':{'type':'string'}},'required':['name'],'additionalProperties':false,'x-shorthand':'name'}]}},'required':['header'],'additionalProperties':false},{'const':'any-where'}],'default':{'header':'a'}}",
                "@TellsApart @Nullable String n            |" + " {'type':'string','x-tells-apart':true}",
                "@Renamed(from=\"m\", since=\"1.2\") int n |"
                        + " {'type':'integer','format':'int32','x-renamed':{'from':'m'},'x-required':true}",
            })
    void describesEachType(String component, String schema) throws IOException {
        Compilation compiled = compile("t", "T", component, TYPES);

        assertThat(compiled.messages()).isEmpty();
        assertThat(compiled.file("META-INF/sallyport/extensions.json").replaceAll("\\s", ""))
                .contains("\"n\":" + schema.replace('\'', '"'));
    }

    private static final String TYPES = """
        public enum Mode { PER_ROUTE, @Written("keepLast") KEEP_LAST }
        public record Percent(int of) { public static Percent parse(String text) { return new Percent(0); } }
        public record Part(@Default("3") int size) {}
        public record Brief(@Shorthand String url, @Default("1") int weight) {}
        public sealed interface In { record Header(String name) implements In {} record AnyWhere() implements In {} }
        public record Loop(List<Loop> loops) {}
        public interface Open {}
        public sealed interface Odd permits OddClass {}
        public static final class OddClass implements Odd {}
        """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "@Default(\"3x\") int n           | 3x (expected: a whole number)",
                "@Default(\"3000000000\") int n   | 3000000000 (expected: a whole number",
                "@Default(\"5\") Duration n       | 5 (expected: a duration such as",
                "@Default(\"0s\") @Min(1) Duration n | 0s (expected: 1 or more)",
                "@Default(\"2KiB\") @Max(9) Size n | 2KiB (expected: 9 or less)",
                "@Default(\"x/s\") Rate n         | x/s (expected: a rate such as",
                "@Default(\"yes\") boolean n      | yes (expected: true or false)",
                "@Default(\"x\") Mode n           | x (expected: one of [per-route, keepLast])",
                "@Default(\"nowhere\") In n       | nowhere (expected: one of the choices)",
                "@Default(\"a\") List<String> n   | a (expected: a list such as [a, b])",
                "@Default(\"[a\") List<String> n  | [a (expected: closing brackets)",
                "@Default(\"{sise: 1}\") Part n   | sise (expected: one of the keys [size])",
                "@Default(\"bad\") Expression n   | bad (expected: a name such as client.address",
                "@Default(\"1.1.27\") LocalDate n | 1.1.27 (expected: a date such as",
                "@Min(1) String n                 | @Min on n (expected: on a number, duration, size, list or map)",
                "@Default(\"1\") @Nullable Integer n | @Default and @Nullable (expected: one of them)",
                "@Shorthand List<String> n, @Shorthand List<String> m | @Shorthand on n and m (expected: at most one)",
                "Optional<String> n               | Optional (expected: a type that the package",
                "Map<Integer, String> n           | (expected: Map<String, …>)",
                "int[] n                          | int[] (expected: a type that the package",
                "Open n                           | (expected: a type that the package",
                "Odd n                            | (expected: a record, as all that",
                "Loop n                           | Loop holds itself",
                "List n                           | (expected: the type of its elements)",
            })
    void refusesWhatCannotBeBound(String component, String message) throws IOException {
        Compilation compiled = compile("t", "T", component, TYPES);

        assertThat(compiled.messages()).anySatisfy(found -> assertThat(found).contains(message));
        assertThat(out.resolve("META-INF/extensions.idx")).doesNotExist();
    }

    @Test
    void pointsAtTheComponent() throws IOException {
        Compilation compiled = compile("t", "T", "@Default(\"3x\") int n", "");

        assertThat(compiled.messages()).singleElement().asString().startsWith("3: @Default of n: 3x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "public abstract class T implements FilterFactory<T.C> { } | (expected: a class that can be made",
                "public class T implements FilterFactory<T.C> { public T(int x) {} CREATE } | (expected: a public"
                        + " constructor without parameters)",
                "public class T { } | (expected: implements FilterFactory, CredentialType, AdminPagesFactory,"
                        + " DiscoveryFactory, ExporterFactory, SecretSourceFactory or StoreFactory",
                "public class T<R extends Record> implements FilterFactory<R> { public Filter create(R c,"
                        + " FilterContext x) { return null; } } | with a record as its settings)",
            })
    void refusesClassesThatCannotBeExtensions(String source, String message) throws IOException {
        Compilation compiled = Compilation.of(
                out,
                "@Type(\"t\") "
                        + source.replace(
                                        "{ }",
                                        "{ public record C() {} public Filter create(C c, FilterContext x) { return"
                                                + " null; } }")
                                .replace(
                                        "CREATE",
                                        "public record C() {} public Filter create(C c, FilterContext x) { return"
                                                + " null; }"));

        assertThat(compiled.messages()).anySatisfy(found -> assertThat(found).contains(message));
    }

    @ParameterizedTest
    @CsvSource({"RateLimit", "rate_limit", "acme/", "when", "a/b/c", "''"})
    void refusesOddTypeNames(String name) throws IOException {
        Compilation compiled = compile(name, "T", "", "");

        assertThat(compiled.messages()).anySatisfy(found -> assertThat(found).contains("a name in kebab-case"));
    }

    @Test
    void refusesASecondClaimantInOneJar() throws IOException {
        Compilation compiled =
                Compilation.of(out, FACTORY.formatted("t", "A", "", ""), FACTORY.formatted("t", "B", "", ""));

        assertThat(compiled.messages())
                .singleElement()
                .asString()
                .contains("@Type(\"t\") (expected: a name of its own; x.A has it)");
    }

    @Test
    void writesNothingWhereNothingIsMarked() throws IOException {
        Compilation compiled = Compilation.of(out, "public class Plain {}");

        assertThat(compiled.messages()).isEmpty();
        assertThat(out.resolve("META-INF")).doesNotExist();
    }

    @Test
    void writesTheSchemaOfARoot() throws IOException {
        Compilation compiled = Compilation.of(out, """
            @dev.sallyport.api.processor.ConfigRoot("gateway")
            public record Root(List<Step> steps, Where where, int n) {
                @dev.sallyport.api.processor.Definition("step") public interface Step {}
                @dev.sallyport.api.processor.Definition public record Where() {}
            }
            """);

        assertThat(compiled.messages()).isEmpty();
        assertThat(compiled.file("META-INF/sallyport/schema/gateway.json"))
                .contains("{\"$ref\": \"#/$defs/step\"}"
                        .replace("{", "{\n        ")
                        .replace("}", "\n      }"))
                .doesNotContain("where");
        assertThat(out.resolve("META-INF/extensions.idx")).doesNotExist();
    }

    private Compilation compile(String type, String name, String components, String more) throws IOException {
        return Compilation.of(out, FACTORY.formatted(type, name, components, more));
    }
}
