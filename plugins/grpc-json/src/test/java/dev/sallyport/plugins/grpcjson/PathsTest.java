package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.sallyport.json.BadContentException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths of rules, by {@code google/api/http.proto}. */
final class PathsTest {

    private static final MethodDescriptor METHOD =
            GrpcServer.file().findServiceByName("Orders").findMethodByName("GetOrder");

    private static Paths paths(String... gets) throws DescriptionException {
        Paths paths = new Paths();
        for (String get : gets) {
            Binding.of(METHOD, HttpRule.newBuilder().setGet(get).build()).forEach(paths::add);
        }
        return paths;
    }

    /** What a path gives the variable {@code name}; null where it is not found. */
    private static String found(Paths paths, String path) throws BadContentException {
        Paths.Found found = paths.find(path, "GET");
        if (found == null) {
            return null;
        }
        Binding binding = found.of("GET");
        List<String> values = new ArrayList<>();
        for (Binding.Bound bound : binding.variables()) {
            values.add(found.value(binding.template(), bound.variable()));
        }
        return String.join("|", values);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        /v1/{name=a/*/b/*}   , /v1/a/1/b/2       , a/1/b/2
        /v1/{name=a/*/b/*}   , /v1/a/1/b         , -
        /v1/{name=a/*/b/*}   , /v1/a/1/b/2/c     , -
        /v1/{name=a/*}       , /v1/a/x%20y       , a/x y
        /v1/{name=a/*}       , /v1/a/x%2Fy       , a/x%2Fy
        /v1/{name}           , /v1/x%2Fy         , x/y
        /v1/{name}           , /v1/              , -
        /v1/{name=**}        , /v1/a/b/c         , a/b/c
        /v1/{name=a/**}      , /v1/a/b%2Fc/d     , a/b%2Fc/d
        /v1/{name=**}        , /v1               , ''
        /v1/{name}:cancel    , /v1/7:cancel      , 7
        /v1/{name}           , /v1/7:cancel      , 7:cancel
        /v1/{name=a/**}:undo , /v1/a/b/c:undo    , a/b/c
        /v1/a%20b/{name}     , /v1/a%20b/1       , -
        """)
    void bindSegments(String template, String path, String value) throws Exception {
        assertThat(found(paths(template), path)).isEqualTo(value);
    }

    @Test
    void preferLiteralsThenOneSegmentThenMany() throws Exception {
        Paths paths = paths("/v1/{name=**}", "/v1/{name=*}/x", "/v1/a/x", "/v1/a/{name=*}");

        assertThat(found(paths, "/v1/a/x")).isEmpty();
        assertThat(found(paths, "/v1/b/x")).isEqualTo("b");
        assertThat(found(paths, "/v1/a/y")).isEqualTo("y");
        assertThat(found(paths, "/v1/b/y")).isEqualTo("b/y");
        assertThat(found(paths, "/v1/a/x/y")).isEqualTo("a/x/y");
    }

    @Test
    void giveUpOnPathsThatCanBeReadInTooManyWays() throws Exception {
        String[] templates = new String[16];
        for (int i = 0; i < templates.length; i++) { // each mixture of a literal and a star, sixteen segments long
            StringBuilder template = new StringBuilder();
            for (int j = 0; j < 16; j++) {
                template.append(j == i ? "/a" : "/*");
            }
            templates[i] = template + "/end";
        }

        assertThat(paths(templates).find("/a".repeat(16) + "/other", "GET")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        v1/a ; v1/a: character 1 (expected: /)
        /v1/{name ; /v1/{name: character 10 (expected: })
        /v1/** /a ; /v1/** /a: character 7 (expected: :)
        /v1/**/a ; /v1/**/a (expected: ** at the end alone)
        /v1/{name={a}} ; /v1/{name={a}}: character 11 (expected: no variable within a variable)
        /v1//a ; /v1//a: character 5 (expected: a segment)
        """)
    void refuseWhatIsNoTemplate(String template, String message) {
        assertThatThrownBy(() -> PathTemplate.parse(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void refuseRulesThatDoNotFitTheirMethod() {
        assertThatThrownBy(() -> paths("/v1/{colour}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("shop.v1.Orders.GetOrder: its google.api.http rule /v1/{colour}: colour");
        assertThatThrownBy(() -> Binding.of(
                        METHOD,
                        HttpRule.newBuilder().setPost("/v1").setBody("x").build()))
                .hasMessageContaining("x (expected: a field of shop.v1.GetOrderRequest)");
        assertThatThrownBy(() -> Binding.of(METHOD, HttpRule.getDefaultInstance()))
                .hasMessageContaining("has no path");
    }
}
