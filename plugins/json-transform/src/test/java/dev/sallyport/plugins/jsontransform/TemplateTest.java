package dev.sallyport.plugins.jsontransform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.jsontransform.JsonTransformConfig.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {

    private static String made(String json, String template) throws Exception {
        return OperationsTest.changed(json, OperationsTest.template(template));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "##", textBlock = """
        {"a":{"b":1.10},"c":[1,2]} ## {"x": a.b, "sum": $sum(c)}           ## {"x":1.10,"sum":3}
        {"n":12345678901234567890} ## {"n": n, "more": n > 1}              ## {"n":12345678901234567890,"more":true}
        [{"p":1},{"p":2}]          ## p                                    ## [1,2]
        {"a":null,"t":true}        ## $                                    ## {"a":null,"t":true}
        {"a":1}                    ## nothing                              ## null
        {"a":1.0}                  ## a = 1                                ## true
        {"a":-0}                   ## [a, a + 1, 7/2]                      ## [-0,1,3.5]
        {"a":1E400}                ## a                                    ## 1E400
        {"a":"x"}                  ## a & " é \\"q\\""                     ## "x é \\"q\\""
        {"a":1}                    ## $from("header.x-user")               ## "zoë \\"z\\""
        {"a":1}                    ## {"u": $from("header.x-none")}        ## {}
        """)
    void makesAnotherDocument(String json, String template, String made) throws Exception {
        assertThat(made(json, template)).isEqualTo(made);
    }

    @Test
    void standsBetweenOtherOperations() throws Exception {
        assertThat(OperationsTest.changed(
                        "{\"a\":1,\"b\":2}",
                        OperationsTest.remove("/b"),
                        OperationsTest.template("{\"all\": $}"),
                        OperationsTest.rename("/all", "document")))
                .isEqualTo("{\"document\":{\"a\":1}}");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "##", textBlock = """
        {"a": }                 ## line 1, column
        $match(a, /x+/)         ## line 1, column 11: a regular expression
        a /* / */ & `/` & "/"   ## OK
        a / b / (c) / 2         ## OK
        a in /x/                ## a regular expression
        (                       ## line 1
        """)
    void saysWhereATemplateIsNoTemplate(String template, String fault) {
        if (fault.equals("OK")) {
            assertThat(TemplateText.regex(template)).isNegative();
            return;
        }
        assertThatThrownBy(() -> JsonTransformFilterTest.config(List.of(OperationsTest.template(template)), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "($f := function($n){$f($n + 1)}; $f(1))",
                "($f := function($n){1 + $f($n + 1)}; $f(1))",
                "[1..9999999].{'x': $}",
                "$eval('1')",
                "$error('no')",
                "$sum('x')",
                "$from('nonsense')",
                "function($x){$x}",
                "1/0"
            })
    void saysThatItFailsWithoutSayingOnWhat(String template) {
        assertThatThrownBy(() -> made("{\"a\":\"s3cret\"}", template))
                .hasMessageContaining("the template does not take this document")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void holdsNoMoreThanItMay() {
        assertThatThrownBy(() -> made("[\"" + "x".repeat(70_000) + "\"]", "$"))
                .hasMessageContaining("the limit of a template is 65536 bytes");
    }

    @Test
    void servesManyAtOnce() throws Exception {
        List<Operation> template = List.of(OperationsTest.template("{\"twice\": a * 2, \"k\": [$keys($)]}"));
        // So many on a busy machine: one may have to wait for long.
        Operations operations = OperationsTest.operations(
                template, JsonTransformFilterTest.config(template, List.of(), Duration.ofMinutes(1)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> made = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String json = "{\"a\":" + i + "}";
                made.add(threads.submit(() -> OperationsTest.changed(json, operations, List.of())));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(made.get(i).get()).isEqualTo("{\"twice\":" + 2 * i + ",\"k\":[\"a\"]}");
            }
        }
    }
}
