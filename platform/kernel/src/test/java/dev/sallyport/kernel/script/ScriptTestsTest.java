package dev.sallyport.kernel.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner of scripts' tests, and the scripts that ship with the gateway. */
class ScriptTestsTest {

    @TempDir
    Path folder;

    private final List<String> lines = new ArrayList<>();

    @Test
    void passesAllTestsOfTheShippedScripts() throws Exception {
        ScriptTests.Result result = ScriptTests.run(Path.of("../../scripts"), false, lines::add);

        assertThat(result.failed()).as(String.join("\n", lines)).isZero();
        assertThat(result.passed()).isGreaterThan(15);
    }

    @Test
    void makesAScriptWhoseTestPasses() throws Exception {
        List<Path> files = ScriptTemplate.write(folder, "say-hello");

        assertThat(files)
                .extracting(path -> path.getFileName().toString())
                .containsExactly("say-hello.js", "say-hello.test.yaml");
        assertThat(ScriptTests.run(folder, false, lines::add).isGood()).isTrue();
        assertThat(lines)
                .containsExactly(
                        "ok   say-hello.test.yaml: greets the upstream and signs the response", "1 passed, 0 failed");
    }

    @Test
    void overwritesNoScript() throws Exception {
        Files.writeString(folder.resolve("mine.js"), "mine");

        assertThatThrownBy(() -> ScriptTemplate.write(folder, "mine")).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> ScriptTemplate.write(folder, "../mine"))
                .hasMessage("../mine (expected: a name in kebab-case, such as add-region)");
        assertThat(folder.resolve("mine.test.yaml")).doesNotExist();
    }

    @Test
    void tellsEachDifference() throws Exception {
        Files.writeString(
                folder.resolve("a.js"),
                "export default async (q, next) => { q.headers.set('x', '1'); const r = await next(q); r.body ="
                        + " '{\"a\":[1,{\"b\":2}]}'; return r; }");
        Files.writeString(folder.resolve("a.test.yaml"), """
            cases:
              - name: differs
                request: {url: /a}
                response: {status: 201}
                expect:
                  request: {url: /b, headers: {x: '2', y: '3', host: null}}
                  response: {status: 200, json: {a: [1.0, {b: 3, c: 4}]}}
                  error: boom
                  notes: {n: 1}
              - name: wants no next
                expect: {request: none}
            """);

        ScriptTests.Result result = ScriptTests.run(folder, false, lines::add);

        assertThat(result).isEqualTo(new ScriptTests.Result(0, 2));
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "FAIL a.test.yaml: differs",
                        "     no error (expected: boom)",
                        "     request.url: \"/a\" (expected: \"/b\")",
                        "     request.headers.x: \"1\" (expected: \"2\")",
                        "     request.headers.y: null (expected: \"3\")",
                        "     request.headers.host: \"localhost\" (expected: null)",
                        "     response.status: 201 (expected: 200)",
                        "     response.json.a[1].b: 2 (expected: 3)",
                        "     response.json.a[1].c: nothing (expected: 4)",
                        "     notes.n: null (expected: 1)",
                        "FAIL a.test.yaml: wants no next",
                        "     request: GET / (expected: none, next is not called)",
                        "0 passed, 2 failed");
    }

    @Test
    void tellsWhatIsWrongWithATestFileOrItsScript() throws Exception {
        Files.writeString(folder.resolve("a.js"), "export default (q, next) => next(q);\nlet x = ;");
        Files.writeString(folder.resolve("a.test.yaml"), "cases: [{name: n, expect: {response: {status: 200}}}]");
        Files.writeString(folder.resolve("b.test.yaml"), "cases: [{name: n, expct: {}}]");
        Files.writeString(folder.resolve("c.test.yaml"), "cases: [");
        Files.writeString(folder.resolve("d.test.yaml"), "cases: [{name: n, expect: {response: {status: 200}}}]");

        ScriptTests.Result result = ScriptTests.run(folder, false, lines::add);

        assertThat(result.failed()).isEqualTo(4);
        assertThat(String.join("\n", lines))
                .contains("FAIL a.test.yaml: n\n     a.js:2:9: SyntaxError: Expected an operand but found ;\n"
                        + "       let x = ;\n               ^\n")
                .contains("FAIL b.test.yaml\n"
                        + "     cases[]: expct (expected: one of config, exchange, expect, fetch, name,"
                        + " request, response)")
                .contains("FAIL c.test.yaml\n")
                .contains("FAIL d.test.yaml: n\n     d.js: no such file in ");
    }

    @Test
    void answersWhatAScriptFetches() throws Exception {
        Files.writeString(folder.resolve("a.js"), """
            export default async (request, next) => {
              const key = await fetch("https://keys.example.com/current", { method: "POST", body: "for " + request.path });
              request.headers.set("x-key", key.ok ? await key.text() : "none");
              return next(request);
            };
            """);
        Files.writeString(folder.resolve("a.test.yaml"), """
            cases:
              - name: asks for the key
                request: {url: /a}
                fetch: [{method: POST, url: https://keys.example.com/current, body: for /a, response: {body: k1}}]
                expect: {request: {headers: {x-key: k1}}}
              - name: asks for something else
                fetch:
                  - {url: https://keys.example.com/old}
                  - {method: POST, url: https://keys.example.com/current, body: for /b, response: {status: 404}}
                expect: {request: {headers: {x-key: none}}}
              - name: cannot reach it
                fetch: [{method: POST, url: https://keys.example.com/current, response: {fails: connect}}]
                expect: {error: https://keys.example.com cannot be reached}
              - name: has no answer
                expect: {response: {status: 200}}
            """);

        ScriptTests.run(folder, false, lines::add);

        assertThat(lines)
                .containsSubsequence(
                        "ok   a.test.yaml: asks for the key",
                        "FAIL a.test.yaml: asks for something else",
                        "     fetch of https://keys.example.com/current: body: \"for /\" (expected: \"for /b\")",
                        "     fetch: nothing asked for GET https://keys.example.com/old",
                        "ok   a.test.yaml: cannot reach it",
                        "FAIL a.test.yaml: has no answer",
                        "2 passed, 2 failed");
        assertThat(String.join("\n", lines))
                .contains("error: a.js:2:21: TypeError: fetch: https://keys.example.com (expected: nowhere)");
    }

    @Test
    void showsWhichLinesHaveRun() throws Exception {
        Files.createDirectory(folder.resolve("lib"));
        Files.writeString(folder.resolve("lib/names.js"), """
            const unused = () => {
              const x = 1;
              return x;
            };
            export const name = (of) =>
              of ?? "nobody";
            """);
        Files.writeString(folder.resolve("a.js"), """
            import { name } from "./lib/names.js";

            // A comment is no statement.
            export default async (request, next) => {
              let answer;
              if (request.path === "/rare") {
                request.headers.set("x-rare", "1");
                for (let i = 0; i < 2; i++) {
                  request.headers.append("x-more", String(i));
                }
              } else {
                request.headers.set(
                  "x-name",
                  name(null),
                );
              }
              try {
                answer = await next(request);
              } catch (e) {
                answer = new Response("away");
              }
              return answer;
            };
            """);
        Files.writeString(folder.resolve("a.test.yaml"), """
            cases: [{name: common, request: {url: /}, expect: {request: {headers: {x-name: nobody}}}}]
            """);

        ScriptTests.run(folder, true, lines::add);

        assertThat(lines).contains(" 55% of a.js  not run: 7-9, 20", " 50% of lib/names.js  not run: 2-3");
    }

    @Test
    void isNotGoodWithoutTests() throws Exception {
        assertThat(ScriptTests.run(folder, false, lines::add).isGood()).isFalse();
        assertThat(lines).containsExactly("no *.test.yaml in " + folder);
    }
}
