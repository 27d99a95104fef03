package dev.sallyport.kernel.script;

import static dev.sallyport.kernel.script.ScriptFixture.answer;
import static dev.sallyport.kernel.script.ScriptFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Scripts.Isolation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call can leave for the next. */
class ScriptIsolationTest {

    private static ScriptFixture scripts;

    @BeforeAll
    static void start(@TempDir Path folder) {
        scripts = new ScriptFixture(folder);
    }

    @AfterAll
    static void stop() {
        scripts.close();
    }

    private static final String COUNTER = "let n = 0;\nexport default () => new Response(String(++n));";

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "CONTEXT"})
    void forgetsTheVariablesOfTheModule(Isolation isolation) throws Exception {
        Filter filter = scripts.load(COUNTER, isolation);

        assertThat(answer(filter, get("/"))).isEqualTo("1");
        assertThat(answer(filter, get("/"))).isEqualTo("1");
    }

    @Test
    void keepsTheVariablesOfTheModuleWhereItIsAskedTo() throws Exception {
        Filter filter = scripts.load(COUNTER, Isolation.NONE);

        assertThat(answer(filter, get("/"))).isEqualTo("1");
        assertThat(answer(filter, get("/"))).isEqualTo("2");
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "CONTEXT"})
    void forgetsTheVariablesOfImportedModules(Isolation isolation) throws Exception {
        scripts.write("lib/count.js", "let n = 0; export const next = () => ++n;");
        Filter filter = scripts.load(
                "import { next as count } from './lib/count.js'; export default () => new Response(String(count()));",
                isolation);

        assertThat(answer(filter, get("/"))).isEqualTo("1");
        assertThat(answer(filter, get("/"))).isEqualTo("1");
    }

    /** Each line leaves something where a later call could find it, and tells whether it was there before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "globalThis.leak; globalThis.leak = 1;",
                "Array.prototype.leak; Array.prototype.leak = 1;",
                "Object.prototype.leak; Object.prototype.leak = 1;",
                "Array.prototype.map.leak; Array.prototype.map.leak = 1;",
                "Headers.prototype.leak; Headers.prototype.leak = 1;",
                "Object.getPrototypeOf(Request.prototype).leak; Object.getPrototypeOf(Request.prototype).leak = 1;",
                "Object.getPrototypeOf(exchange).leak; Object.getPrototypeOf(exchange).leak = 1;",
                "log.leak; log.leak = 1;",
                "log.info.leak; log.info.leak = 1;",
                "console.leak; console.leak = 1;",
                "fetch.leak; fetch.leak = 1;",
                "structuredClone.leak; structuredClone.leak = 1;",
                "crypto.leak; crypto.leak = 1;",
                "crypto.subtle.leak; crypto.subtle.leak = 1;",
                "crypto.subtle.digest.leak; crypto.subtle.digest.leak = 1;",
                "config.leak; config.leak = 1;",
                "config.list.leak; config.list.leak = 1;",
                "Object.getPrototypeOf(function* () {}).leak; Object.getPrototypeOf(function* () {}).leak = 1;",
                "Object.getPrototypeOf(async () => {}).leak; Object.getPrototypeOf(async () => {}).leak = 1;",
                "Object.getPrototypeOf([][Symbol.iterator]()).leak; Object.getPrototypeOf([][Symbol.iterator]()).leak"
                        + " = 1;",
                "Object.getPrototypeOf(request.headers.keys()).leak;"
                        + " Object.getPrototypeOf(request.headers.keys()).leak = 1;",
                "Object.getPrototypeOf(new Intl.NumberFormat()).leak; Object.getPrototypeOf(new"
                        + " Intl.NumberFormat()).leak = 1;",
                "Object.getPrototypeOf('a'.matchAll(/a/g)).leak; Object.getPrototypeOf('a'.matchAll(/a/g)).leak = 1;",
                "Symbol.iterator.leak; Object.prototype.__proto__ = null;",
                "RegExp.$1 || undefined; /(a)/.exec('xay');",
                "RegExp.lastMatch || undefined; /(a)/.exec('xay');",
                "JSON.stringify === 1 || undefined; JSON.stringify = 1;",
                "Promise.prototype.then === null || undefined; Promise.prototype.then = null;",
                "Error.prepareStackTrace; Error.prepareStackTrace = () => 1;",
                "Error.stackTraceLimit === 3 || undefined; Error.stackTraceLimit = 3;"
            })
    void leavesNothingBehindInAReusedContext(String code) throws Exception {
        int at = code.indexOf(';');
        scripts.write("test.js", """
            export default (request, next, { config, exchange, log }) => {
              const before = %s;
              let outcome = "done";
              try { %s } catch (e) { outcome = e.name; }
              return new Response(before + " " + outcome);
            }\
            """.formatted(code.substring(0, at), code.substring(at + 1)));
        Filter filter = scripts.load("test.js", Map.of("list", List.of()), Isolation.REQUEST, ScriptFixture.LIMITS);

        String first = answer(filter, get("/"));
        String second = answer(filter, get("/"));

        assertThat(first).startsWith("undefined ");
        assertThat(second).isEqualTo(first);
    }

    /** A module without variables is evaluated once; its functions, which are objects, must not become variables. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ var seen = []; } export default () => { const was = seen[0]; seen.push(1); return text(was); }",
                "try { var seen = new Map(); } catch {} export default () => { const was = seen.get(1); seen.set(1, 1);"
                        + " return text(was); }",
                "const memo = function inner() { const was = inner.n; inner.n = 1; return was; };"
                        + " export default () => text(memo());",
                "export default (function own() { const was = own.prototype.n; own.prototype.n = 1; return text(was);"
                        + " })",
                "if (true) { var seen = []; } export default () => { const was = seen[0]; seen.push(1); return"
                        + " text(was); }",
                "for (var seen = []; false; ) {} export default () => { const was = seen[0]; seen.push(1); return"
                        + " text(was); }",
                "export default function own() { const was = own.n; try { own.n = 1; } catch {} return text(was); }",
                "function count() {} export default () => { const was = count.n; count.n = 1; return text(was); }",
                "function count() {} export default () => { const f = count, was = f.n; f.n = 1; return text(was); }",
                "const count = () => {}; export default () => { const { n } = count; count.n = 1; return text(n); }",
                "function Count() {} export default () => { const p = Object.getPrototypeOf(new Count()), was = p.n;"
                        + " p.n = 1; return text(was); }",
                "function Count() {} export default () => { const p = Object.getPrototypeOf(new Count), was = p.n;"
                        + " p.n = 1; return text(was); }",
                "function* count() {} export default () => { const p = Object.getPrototypeOf(count()), was = p.n;"
                        + " p.n = 1; return text(was); }",
                "async function* count() {} export default () => { const p = Object.getPrototypeOf(count()), was = p.n;"
                        + " p.n = 1; return text(was); }",
                "function count() { return undefined; } export default () => { const was = count(); count = () => 1;"
                        + " return text(was); }",
                "const seen = /x/g; export default () => { const was = seen.lastIndex || undefined; seen.test('x');"
                        + " return text(was); }",
                "const seen = []; export default () => { const was = seen[0]; seen.push(1); return text(was); }",
                "const seen = {}; export default () => { const was = seen.n; seen.n = 1; return text(was); }",
                "class Count { static n; } export default () => { const was = Count.n; Count.n = 1; return text(was);"
                        + " }",
                "const a = 1, seen = new Map(); export default () => { const was = seen.get(1); seen.set(1, 1); return"
                        + " text(was); }",
                "export default () => { const was = import.meta.n; import.meta.n = 1; return text(was); }",
                "var n; export default () => { const was = n; n = 1; return text(was); }",
                "const tag = (strings) => strings; export default () => { const p = tag`x`, was = p.n; try { p.n = 1; }"
                        + " catch {} return text(was); }",
                "export default function () { const was = this?.n; try { this.n = 1; } catch {} return text(was); }",
                "export default function () { let f; try { f = arguments.callee; } catch {} const was = f?.n;"
                        + " try { f.n = 1; } catch {} return text(was); }",
            })
    void leavesNothingBehindInAModule(String code) throws Exception {
        Filter filter = scripts.load(code + "\nfunction text(value) { return new Response(String(value)); }");

        assertThat(answer(filter, get("/"))).isEqualTo("undefined");
        assertThat(answer(filter, get("/"))).isEqualTo("undefined");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        export default async (request, next) => next(request);              | true
        const NAME = "x", N = 5; export default (r) => new Response(NAME);  | true
        const up = (x) => x; function all(x) { return up(x); } export default (r) => all(r); | true
        export default function own(r) { return own(r); }                   | true
        export default function own(r) { return own.x; }                    | false
        let n = 0; export default () => n;                                  | false
        const up = (x) => x; export default () => [1].map(up);              | false
        """)
    void evaluatesAModuleOnceWhereItHasNowhereToKeepAnything(String code, boolean once) {
        assertThat(ModuleSyntax.of("test.js", code).isStateless()).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(strings = {"last.url", "last.headers.get('x')", "await last.text()", "await next(last)", "last.body"})
    void aMessageThatIsKeptShowsNothingOfALaterCall(String look) throws Exception {
        Filter filter = scripts.load(
                "let last = null; export default async (request, next) => { if (last === null) { last = request; return"
                        + " new Response('kept'); } try { " + look + "; return new Response('shown'); } catch (error) {"
                        + " return new Response(error.message); } };",
                Isolation.NONE);
        answer(filter, get("/ann"));

        assertThat(answer(filter, get("/bob"))).isEqualTo("message: of a call that has ended");
    }

    @Test
    void aScriptWithItsTypesIsEvaluatedOnce() throws Exception {
        String script = "// @ts-check\n/** @type {import(\"./types/sallyport\").Handler} */\n"
                + "export default async (request, next) => next(request);";

        assertThat(ModuleSyntax.of("test.js", script).isStateless()).isTrue();
    }

    @Test
    void letsScriptsDoWithTheirOwnObjectsWhatIsUsual() throws Exception {
        Filter filter = scripts.handler("""
            class Refused extends Error { constructor(message) { super(message); this.name = "Refused"; } }
            const plain = {}; plain.toString = () => "mine"; plain.constructor = 1; plain.hasOwnProperty = 2;
            const error = new TypeError("x"); error.message = "changed";
            function Old() {} Old.prototype.toString = function () { return "old"; };
            const list = [1]; list.push(2); list.join = () => "joined";
            return new Response([new Refused("m"), plain, Object.keys(plain), error.message, new Old(), list.join(), [..."ab"].concat(1)].join("|"));
            """);

        assertThat(answer(filter, get("/")))
                .isEqualTo("Refused: m|mine|toString,constructor,hasOwnProperty|changed|old|joined|a,b,1");
    }

    @Test
    void evaluatesNoText() throws Exception {
        Filter filter = scripts.handler(
                "const f = []; for (const g of [() => eval('1'), () => new Function('return 1')()]) try { f.push(g());"
                        + " } catch (e) { f.push(e.name); } return Response.json(f);");

        assertThat(answer(filter, get("/"))).isEqualTo("[\"EvalError\",\"EvalError\"]");
    }
}
