package dev.sallyport.kernel.script;

import static dev.sallyport.kernel.script.ScriptFixture.answer;
import static dev.sallyport.kernel.script.ScriptFixture.call;
import static dev.sallyport.kernel.script.ScriptFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Scripts.Isolation;
import dev.sallyport.api.config.ConfigException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded, what is refused and in which words, and what a digest covers. */
class ScriptLoadingTest {

    private static ScriptFixture scripts;

    @BeforeAll
    static void start(@TempDir Path outside) throws Exception {
        Path folder = Files.createDirectory(outside.resolve("scripts"));
        Files.writeString(outside.resolve("secret.js"), "export default 'secret';");
        Files.createSymbolicLink(folder.resolve("link.js"), outside.resolve("secret.js"));
        scripts = new ScriptFixture(folder);
        scripts.write("lib/greet.js", "export const greet = (name) => `hello ${name}`;");
        scripts.write("lib/data.json", "{\"a\": [1, 2]}");
    }

    @AfterAll
    static void stop() {
        scripts.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\\nexport default function ( { ;            | test.js:2:29: SyntaxError: Expected ident but found ;",
                "export default async () => {\\n"
                        + "  let a = ; } | test.js:2:11: SyntaxError: Expected an operand but found ;",
                "export const x = 1;                          | test.js: no function is exported as default (expected:"
                        + " export default async function (request, next, { config, exchange, log }) { … })",
                "export default 17;                           | test.js: no function is exported as default (expected:"
                        + " export default async function (request, next, { config, exchange, log }) { … })",
                "\\nthrow new Error('at once');               | test.js:2:7: Error: at once",
                "\\n"
                        + "  import x from './none.js';              | test.js:2:17: cannot import './none.js': no such"
                        + " file in ROOT",
                "import x from './../secret.js';              | test.js:1:15: cannot import './../secret.js': outside"
                        + " the scripts folder",
                "import x from './link.js';                   | test.js:1:15: cannot import './link.js': a link to"
                        + " outside the scripts folder",
                "import x from 'fs';                          | test.js:1:15: cannot import 'fs': a script imports"
                        + " files of the scripts folder alone, as './name.js'",
                "import x from '/etc/hostname';               | test.js:1:15: cannot import '/etc/hostname': a script"
                        + " imports files of the scripts folder alone, as './name.js'",
                "import x from 'file:///etc/hostname';        | test.js:1:15: cannot import 'file:///etc/hostname': a"
                        + " script imports files of the scripts folder alone, as './name.js'",
                "await new Promise(() => {}); export default () => 1; | test.js: ReferenceError: *default* is not"
                        + " defined"
            })
    void refusesAScriptWithItsPlace(String text, String message) throws Exception {
        assertThatThrownBy(() -> scripts.load(text.replace("\\n", "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message.replace("ROOT", scripts.folder.toRealPath().toString()))
                .extracting(e -> ((ConfigException) e).key())
                .isEqualTo("script");
    }

    @Test
    void namesTheImportedFileThatIsWrong() throws Exception {
        scripts.write("lib/broken.js", "export const a = 1;\nexport const b = ;\n");

        assertThatThrownBy(() -> scripts.load("import { a } from './lib/broken.js'; export default () => a;"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("lib/broken.js:2:18: SyntaxError: Expected an operand but found ;");
    }

    @ParameterizedTest
    @CsvSource({
        "none.js, no such file in",
        "../secret.js, outside the scripts folder",
        "link.js, a link to outside the scripts folder",
        "lib/data.json, expected: a .js or .mjs file",
        "lib, expected: a .js or .mjs file"
    })
    void refusesWhatIsNoScriptOfTheFolder(String file, String reason) {
        assertThatThrownBy(() -> scripts.load(file, Map.of(), Isolation.REQUEST, ScriptFixture.LIMITS))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file)
                .hasMessageContaining(reason);
    }

    @Test
    void importsModulesAndDataOfTheFolder() throws Exception {
        scripts.write("shop/orders.js", """
            import { greet } from "../lib/greet.js";
            import data from "../lib/data.json" with { type: "json" };
            export default async () => new Response(greet(data.a.length) + (await import("../lib/greet.js")).greet("you"));
            """);
        Filter filter = scripts.load("shop/orders.js", Map.of(), Isolation.REQUEST, ScriptFixture.LIMITS);

        assertThat(answer(filter, get("/"))).isEqualTo("hello 2hello you");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import('/etc/hostname')",
                "import('file:///etc/hostname')",
                "import('data:text/javascript,export default 1')",
                "import(['./lib', 'greet.js'].join('/'))",
                "import(request.path)",
                "(async () => { const load = () => import(`./${request.path}`); return load(); })()"
            })
    void readsNothingElseWhileItRuns(String load) {
        assertThatThrownBy(() -> scripts.handler("await " + load + "; return new Response('');"))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching(
                        "test\\.js:2:\\d+: cannot import .*: a script imports files of the scripts folder alone, as"
                                + " '\\./name\\.js'");
    }

    @Test
    void readsNoCodeOfAUrl() {
        assertThatThrownBy(() ->
                        scripts.load("import one from 'data:text/javascript,export default 1'; export default () => new"
                                + " Response(one);"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "test.js:1:17: cannot import 'data:text/javascript,export default 1': a script");
    }

    @Test
    void runsTheFilesAsTheyWereWhenItWasLoaded() throws Exception {
        scripts.write("lib/version.js", "export const version = 1;");
        Filter filter = scripts.load(
                "import { version } from './lib/version.js'; export default () => new Response(String(version));");
        scripts.write("lib/version.js", "export const version = 2;");

        assertThat(answer(filter, get("/"))).isEqualTo("1");
    }

    @Test
    void digestsCoverImportedFiles() throws Exception {
        scripts.write("lib/deep.js", "export const deep = 1;");
        scripts.write("lib/middle.js", "export { deep } from './deep.js';");
        scripts.write("top.js", "import { deep } from './lib/middle.js'; export default () => deep;");
        scripts.write("other.js", "export default () => 1;");
        String before = scripts.service.digest("top.js");
        String other = scripts.service.digest("other.js");

        assertThat(scripts.service.digest("top.js")).isEqualTo(before).hasSize(64);
        scripts.write("lib/deep.js", "export const deep = 2;");
        assertThat(scripts.service.digest("top.js")).isNotEqualTo(before);
        assertThat(scripts.service.digest("other.js")).isEqualTo(other);
        scripts.write("lib/deep.js", "export const deep = 1;");
        assertThat(scripts.service.digest("top.js")).isEqualTo(before);
    }

    @Test
    void tellsAStepWhatItHasLoaded() throws Exception {
        scripts.write("told.js", "export default (request, next) => next(request);");
        Map<String, String> loaded = new HashMap<>();

        try (Filter filter = scripts.service
                .forStep(
                        System.getLogger("test"),
                        HttpClient::newHttpClient,
                        script -> loaded.put(script.file(), script.digest()))
                .load("told.js", Map.of(), ScriptFixture.LIMITS, Isolation.REQUEST, List.of())) {
            assertThat(call(filter, get("/")).status()).isEqualTo(200);
        }

        assertThat(loaded).containsExactly(Map.entry("told.js", scripts.service.digest("told.js")));
    }

    @Test
    void aStartRefusesBrokenScriptsAndServesWithOthersBeforeTheyAreWarm(@TempDir Path folder) throws Exception {
        try (ScriptFixture starting = new ScriptFixture(folder)) {
            starting.write("test.js", "export default (request, next, { config }) => new Response(config.a);");
            starting.service.starts(Files.writeString(folder.resolve("gateway.yaml"), "script: test.js"));

            assertThatThrownBy(() -> starting.load("export default 17;")).isInstanceOf(ConfigException.class);
            Filter filter = starting.handler("return new Response('served')");
            starting.service.serves();

            assertThat(answer(filter, get("/"))).isEqualTo("served");
        }
    }
}
