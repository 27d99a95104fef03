package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts do that they must not, while other routes, with and without scripts, are served. */
final class ScriptAttacksIT {

    /** How many callers each attack has at once, and how often each calls. */
    private static final int CALLERS = 4;

    private static final int CALLS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MEASURED = Duration.ofSeconds(5);

    /**
     * An attack.
     *
     * @param name its route's
     * @param code what the script does; what it returns without being stopped is a response
     * @param ends how it ends: {@code cut} for status 500 and a line in the log, {@code refused} for an error that the
     *     script sees, {@code nothing} for an answer that shows that it came to nothing
     */
    private record Attack(String name, String code, String ends) {

        String script() {
            return """
                export default async function (request, next, { config, exchange, log }) {
                  try {
                    %s
                  } catch (e) {
                    return new Response("refused " + e.name);
                  }
                }
                """.formatted(code);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Attack cut(String name, String code) {
        return new Attack(name, code, "cut");
    }

    private static Attack refused(String name, String code) {
        return new Attack(name, code + "; return new Response('breached');", "refused");
    }

    private static Attack nothing(String name, String expression) {
        return new Attack(name, "return new Response(String(" + expression + "));", "nothing");
    }

    static List<Attack> attacks() {
        return List.of(
                cut("endless-loop", "while (true) {}"),
                cut("endless-awaiting", "for (;;) await null;"),
                cut(
                        "endless-promises",
                        "const spin = () => Promise.resolve().then(spin); spin(); return new Response('');"),
                cut("endless-finally", "try { while (true) {} } finally { while (true) {} }"),
                cut("endless-generator", "for (const x of (function* () { for (;;) yield 1; })()) ;"),
                cut("endless-sorting", "[3, 1, 2].sort(() => { for (;;) ; });"),
                cut("never-settling", "await new Promise(() => {});"),
                cut("backtracking", "/(a*)*\\1b/.test('a'.repeat(40));"),
                cut("backtracking-behind", "/(?<=(a|aa)+)\\1c/.test('a'.repeat(50000));"),
                cut("allocating-objects", "const all = []; for (;;) all.push({ a: [1, 2, 3] });"),
                cut("allocating-keys", "const map = new Map(); for (let i = 0; ; i++) map.set(i, String(i));"),
                cut("allocating-bytes", "const all = []; for (;;) all.push(new Uint8Array(1e6));"),
                cut("uninterruptible-number", "BigInt('9'.repeat(300000)); return new Response('');"),
                cut("deep-recursion", "const deep = () => deep() + 1; deep();"),
                cut("deep-getters", "const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x;"),
                cut("large-answer", "return new Response(new Uint8Array(11 * 1024 * 1024));"),
                refused("one-large-string", "'x'.repeat(2 ** 29)"),
                refused("one-large-buffer", "new ArrayBuffer(2e9)"),
                refused("one-long-array", "Array.from({ length: 1e9 })"),
                refused("deep-json", "JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))"),
                refused("code-from-text", "eval('1')"),
                refused("code-from-a-constructor", "(() => {}).constructor('return 1')()"),
                refused("code-from-an-async-constructor", "(async () => {}).constructor('return 1')()"),
                refused("the-network", "await fetch('http://127.0.0.1:9901/v1/routes')"),
                refused("another-host", "request.url = 'http://127.0.0.1:9901/v1/routes'; await next(request)"),
                refused("a-header-that-splits", "request.headers.set('x', 'a\\r\\nx-admin: yes')"),
                refused("a-class-of-the-host", "Java.type('java.lang.Runtime')"),
                refused("other-languages", "Polyglot.eval('js', '1')"),
                refused("files-by-load", "load('/etc/passwd')"),
                refused("the-process", "process.exit(1)"),
                refused("the-end", "quit()"),
                refused("timers", "setTimeout(() => {}, 1)"),
                refused("shared-memory", "new SharedArrayBuffer(8)"),
                refused("sleeping", "Atomics.wait(new Int32Array(8), 0, 0, 60000)"),
                refused("machine-code", "new WebAssembly.Module(new Uint8Array(8))"),
                nothing(
                        "pollution",
                        "(() => { const before = [].leak ?? globalThis.leak; try { Array.prototype.leak ="
                                + " request.path; } catch {} try { globalThis.leak = request.path; } catch {} return"
                                + " before ?? 'nothing'; })()"),
                nothing(
                        "reflection",
                        "['getClass', 'class', 'wait', 'notify'].some((name) => name in exchange || name in request ||"
                                + " name in next) ? 'breached' : 'nothing'"),
                nothing(
                        "the-inside-by-stack",
                        "(() => { try { next(1, 2).catch(() => {}); null.x; } catch (e) { return"
                                + " /\\.java|dev\\.sallyport|com\\.oracle|runtime\\.js/.test(e.stack) ? e.stack :"
                                + " 'nothing'; } })()"),
                nothing(
                        "a-flood-of-lines",
                        "(() => { for (let i = 0; i < 5000; i++) log.info('flood'); return 'nothing'; })()"));
    }

    private static Product product;

    @BeforeAll
    static void start() {
        StringBuilder routes = new StringBuilder("""
            routes:
              - name: calm
                match: {paths: [/calm]}
                plugins: [{respond: {body: calm}}]
              - name: scripted
                match: {paths: [/scripted]}
                plugins: [{javascript: {script: scripted.js}}, {respond: {body: scripted}}]
            """);
        for (Attack attack : attacks()) {
            routes.append("""
                  - name: %1$s
                    match: {paths: [/%1$s]}
                    plugins: [{javascript: {script: %1$s.js}}, {respond: {body: breached}}]
                """.formatted(attack.name()));
        }
        Product.Setup setup = Product.with(Product.web(routes.toString()))
                .heap("1g")
                .file(
                        "scripts/scripted.js",
                        "export default async (request, next) => { const r = await next(request); r.headers.set('x-s',"
                                + " '1'); return r; };\n");
        for (Attack attack : attacks()) {
            setup.file("scripts/" + attack.name() + ".js", attack.script());
        }
        product = setup.start();
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isContained(Attack attack) throws Exception {
        int from = product.output().size();
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (Neighbours neighbours = new Neighbours();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = Stream.generate(() -> callers.submit(() -> {
                        HttpResponse<String> last = null;
                        for (int i = 0; i < CALLS; i++) {
                            last = product.client().get("/" + attack.name());
                        }
                        return last;
                    }))
                    .limit(CALLERS)
                    .toList();
            for (Future<HttpResponse<String>> call : calls) {
                answers.add(call.get());
            }
            neighbours.await();
        }

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.body()).doesNotContain("breached").doesNotContain("java");
            switch (attack.ends()) {
                case "cut" -> assertThat(answer.statusCode()).isIn(500, 503);
                case "refused" -> assertThat(answer.body()).startsWith("refused ");
                default -> assertThat(answer.body()).isEqualTo("nothing");
            }
        });
        if (attack.ends().equals("cut")) {
            product.output().await(attack.name() + ".js", from);
        }
        assertThat(product.process().isAlive()).isTrue();
    }

    /** What takes its place is refused as a whole, and what there was serves on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "import '../conf/gateway.yaml'; export default (request, next) => next(request);",
                "import '../../secret.js'; export default (request, next) => next(request);",
                "import '/etc/passwd'; export default (request, next) => next(request);",
                "import './linked.js'; export default (request, next) => next(request);",
                "import('/etc/passwd'); export default (request, next) => next(request);",
                "const up = '..'; import('./' + up + '/' + up + '/conf/gateway.yaml'); export default (request, next)"
                        + " => next(request);",
                "import('data:text/javascript,export default 1'); export default (request, next) => next(request);",
                "import 'data:text/javascript,export default 1'; export default (request, next) => next(request);",
                "export default (request, next) => import(request.headers.get('x-code'));",
                "import 'fs'; export default (request, next) => next(request);",
                "import 'http://127.0.0.1:1/x.js'; export default (request, next) => next(request);",
                "while (true) {} export default (request, next) => next(request);",
                "const all = []; for (;;) all.push(new Uint8Array(1e6)); export default (request, next) =>"
                        + " next(request);",
                "export default (request, next) => { retrun next(request); }"
            })
    void isNotLoaded(String script) throws IOException {
        String good = Files.readString(product.home().resolve("scripts/scripted.js"));
        if (!Files.exists(product.home().resolve("scripts/linked.js"))) {
            Files.createSymbolicLink(
                    product.home().resolve("scripts/linked.js"), product.home().resolve("conf/gateway.yaml"));
        }
        int from = product.output().size();

        product.replace("scripts/scripted.js", script);
        product.output().await("refused: ", from);

        assertThat(product.client().status("/scripted")).isEqualTo(200);
        int again = product.output().size();
        product.replace("scripts/scripted.js", good + "// " + again + "\n");
        product.output().await("serves", again);
    }

    /** How long others wait, and what of that is the attack's. Figures, no promise: see docs/proofs/scripts.md. */
    @Test
    @Tag("proof")
    void whatOthersSeeIsMeasured() {
        System.out.println("nothing: " + measured(() -> {}));
        for (Attack attack : attacks()) {
            AtomicBoolean over = new AtomicBoolean();
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                System.out.println(attack.name() + ": "
                        + measured(() -> {
                            for (int i = 0; i < CALLERS; i++) {
                                callers.submit(() -> {
                                    while (!over.get()) {
                                        product.client().get("/" + attack.name());
                                    }
                                    return null;
                                });
                            }
                        }));
                over.set(true);
            }
        }
    }

    private static String measured(Runnable disturbance) {
        Neighbours neighbours = new Neighbours();
        try (neighbours) {
            neighbours.await();
            disturbance.run();
            LockSupport.parkNanos(MEASURED.toNanos());
        }
        return neighbours.toString();
    }

    /** Clients of two other routes, while something happens. */
    private static final class Neighbours implements AutoCloseable {

        private final PacedClients plain = new PacedClients(product.address(), "/calm", "calm");
        private final PacedClients scripted = new PacedClients(product.address(), "/scripted", "scripted");

        /** Until both have been answered often enough to be there. */
        void await() {
            Awaitility.await().atMost(PATIENCE).until(() -> plain.answers() > 20 && scripted.answers() > 20);
        }

        @Override
        public void close() {
            plain.close();
            scripted.close();
            assertThat(plain.faults()).isEmpty();
            assertThat(scripted.faults()).isEmpty();
        }

        @Override
        public String toString() {
            return "plain: " + plain.report() + "; scripted: " + scripted.report();
        }
    }
}
