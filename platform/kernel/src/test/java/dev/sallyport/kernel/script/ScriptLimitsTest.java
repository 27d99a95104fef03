package dev.sallyport.kernel.script;

import static dev.sallyport.kernel.script.ScriptFixture.answer;
import static dev.sallyport.kernel.script.ScriptFixture.call;
import static dev.sallyport.kernel.script.ScriptFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that take too much. Each test then calls the same filter again: it must serve on. */
class ScriptLimitsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static ScriptFixture scripts;

    @BeforeAll
    static void start(@TempDir Path folder) {
        scripts = new ScriptFixture(folder);
    }

    @AfterAll
    static void stop() {
        scripts.close();
    }

    /** A script that does this on /bad, and answers else. */
    private static Filter bad(String code, Scripts.Limits limits) throws Exception {
        return scripts.load(
                "export default async function (request, next) {\nif (request.path === '/bad') {\n" + code
                        + "\n}\nreturn new Response('fine');\n}",
                Scripts.Isolation.REQUEST,
                limits);
    }

    private static void assertCutOff(Filter filter, String reason) throws Exception {
        assertThatThrownBy(() -> call(filter, get("/bad")))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith("test.js")
                .hasMessageContaining("cut off: ")
                .hasMessageContaining(reason);
        assertThat(answer(filter, get("/good"))).isEqualTo("fine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while (true) {}",
                "for (;;) { await null; }",
                "const spin = () => Promise.resolve().then(spin); await spin();",
                "try { while (true) {} } finally { while (true) {} }"
            })
    void cutsOffEndlessLoopsByProcessorTime(String loop) throws Exception {
        Filter filter =
                bad(loop, ScriptFixture.limits(Duration.ofMillis(200), LONG, Long.MAX_VALUE, new Size(1L << 40)));

        assertCutOff(filter, "more than 200ms of processor time (limits.cpu)");
    }

    @Test
    void namesThePlaceOfAnEndlessLoop() throws Exception {
        Filter filter = bad("while (true) {}", ScriptFixture.limits(Duration.ofMillis(200), LONG, Long.MAX_VALUE));

        assertThatThrownBy(() -> call(filter, get("/bad"))).hasMessageStartingWith("test.js:3:");
    }

    @Test
    void cutsOffEndlessLoopsByStatements() throws Exception {
        Filter filter = bad("let n = 0; while (true) { n++; }", ScriptFixture.limits(LONG, LONG, 10_000));

        assertCutOff(filter, "statement limit of 10000");
    }

    @Test
    void countsStatementsForEachCallAnew() throws Exception {
        Filter filter = scripts.load(
                "export default () => { let n = 0; for (let i = 0; i < 3000; i++) { n++; } return new Response('' +"
                        + " n); }",
                Scripts.Isolation.REQUEST,
                ScriptFixture.limits(LONG, LONG, 10_000));

        for (int i = 0; i < 10; i++) {
            assertThat(answer(filter, get("/"))).isEqualTo("3000");
        }
    }

    @Test
    void cutsOffByTime() throws Exception {
        Filter filter = bad(
                "while (true) {}",
                ScriptFixture.limits(Duration.ofMillis(300), Duration.ofMillis(300), Long.MAX_VALUE));

        assertThatThrownBy(() -> call(filter, get("/bad"))).hasMessageContaining("cut off: ");
        assertThat(answer(filter, get("/good"))).isEqualTo("fine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const all = []; while (true) all.push({ a: [1, 2, 3] });",
                "const all = []; while (true) all.push(new Uint8Array(100000));",
                "let s = 'x'; while (true) { s = s + s + 'y'; s.charCodeAt(s.length - 1); if (s.length > 1e6) s = 'x';"
                        + " }"
            })
    void cutsOffByMemory(String bomb) throws Exception {
        Filter filter = bad(bomb, ScriptFixture.limits(LONG, LONG, Long.MAX_VALUE, new Size(32 << 20)));

        assertCutOff(filter, "more than 32MiB of memory allocated (limits.memory)");
    }

    @Test
    void cutsOffDeepRecursion() throws Exception {
        Filter filter = bad("const deep = () => deep() + 1; deep();", ScriptFixture.limits(LONG, LONG, 1_000_000));

        assertCutOff(filter, "stack");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return new Response('x'.repeat(2 * 1024 * 1024 + 1));",
                "return new Response(new Uint8Array(2 * 1024 * 1024 + 1));",
                "request.body = 'ä'.repeat(1024 * 1024 + 1); return next(request);"
            })
    void refusesABodyThatIsTooLarge(String code) throws Exception {
        Filter filter = bad(code, ScriptFixture.LIMITS);

        assertThatThrownBy(() -> call(filter, get("/bad")))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("body: more than 2MiB (limits.output)");
        assertThat(answer(filter, get("/good"))).isEqualTo("fine");
    }

    @Test
    void logsNoMoreThanItMay() throws Exception {
        LinesLogger log = new LinesLogger();
        scripts.write(
                "loud.js",
                "export default (request, next, { log }) => {"
                        + " for (let i = 0; i < 15; i++) log.info('line', i); return new Response('done'); };");

        try (Filter filter = scripts.service
                .forStep(log, HttpClient::newHttpClient, loaded -> {})
                .load("loud.js", Map.of(), ScriptFixture.LIMITS, Scripts.Isolation.REQUEST, List.of())) {
            assertThat(answer(filter, get("/"))).isEqualTo("done");
            assertThat(answer(filter, get("/"))).isEqualTo("done");
        }

        assertThat(log.lines).hasSize(20).first().asString().endsWith("line 0");
        assertThat(log.lines.getLast()).endsWith("line 4");
    }

    @Test
    void tellsHowManyLinesItHasLeftOut() {
        LinesLogger log = new LinesLogger();
        ScriptLog limited = new ScriptLog(log, new Rate(2, Duration.ofMillis(200)));

        await().until(() -> {
            for (int i = 0; i < 5; i++) {
                limited.log(System.Logger.Level.INFO, "a.js", "a line");
            }
            return log.lines.stream().anyMatch(line -> line.contains("lines left out"));
        });

        assertThat(log.lines).anyMatch(line -> line.matches("a\\.js: \\d+ lines left out \\(limits\\.log: 2/200ms\\)"));
    }

    /** Keeps what is logged. */
    private static final class LinesLogger implements System.Logger {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public String getName() {
            return "lines";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.compareTo(Level.INFO) >= 0;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String line, Throwable thrown) {
            lines.add(line);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
            lines.add(format);
        }
    }

    @Test
    void doesNotCountTheTimeInNext() throws Exception {
        Duration wall = Duration.ofMillis(500);
        Filter filter = scripts.load(
                "export default (request, next) => next(request)",
                Scripts.Isolation.REQUEST,
                ScriptFixture.limits(Duration.ofMillis(500), wall, 1_000_000));

        // Waits for longer than the limit, by the same clock.
        Response response = call(filter, get("/"), passed -> {
            long start = System.nanoTime();
            CountDownLatch never = new CountDownLatch(1);
            while (System.nanoTime() - start < wall.toNanos() + 50_000_000) {
                never.await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
            return Response.of(204);
        });

        assertThat(response.status()).isEqualTo(204);
    }

    @Test
    void countsTheTimeThatABodyTakes() throws Exception {
        Duration wall = Duration.ofMillis(300);
        Filter filter = bad("await request.text();", ScriptFixture.limits(wall, wall, Long.MAX_VALUE));
        long start = System.nanoTime();
        InputStream late = new InputStream() {
            @Override
            public int read() {
                await().atMost(LONG).until(() -> System.nanoTime() - start > wall.toNanos() + 50_000_000);
                return -1;
            }
        };

        assertThatThrownBy(() -> call(filter, ScriptFixture.request("POST", "/bad", Body.of(late, -1))))
                .hasMessageContaining("not done after 300ms (limits.wall)");
    }

    /** The same script, with limits of its own: its calls get no second thread while one lasts. */
    private static Filter looping(ScriptService service, Duration wall) throws Exception {
        scripts.write("looping.js", "export default () => { while (true) {} };");
        return service.load(
                "looping.js",
                Map.of(),
                ScriptFixture.limits(wall, wall, Long.MAX_VALUE),
                Scripts.Isolation.REQUEST,
                List.of());
    }

    @Test
    void cutsOffACallThatWaitsForAThread() throws Exception {
        try (ScriptService service = new ScriptService(scripts.folder, new ScriptService.Settings(1, 8));
                Filter held = looping(service, LONG);
                Filter waiting = looping(service, Duration.ofSeconds(1));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> holder = threads.submit(() -> held.handle(get("/"), passed -> Response.of(200)));

            assertThatThrownBy(() -> call(waiting, get("/")))
                    .hasMessageContaining("not done after 1000ms (limits.wall)");

            assertThat(holder).isNotDone();
            holder.cancel(true);
        }
    }

    @Test
    void nobodyWaitsForAServiceThatIsClosed() throws Exception {
        ScriptService service = new ScriptService(scripts.folder, new ScriptService.Settings(1, 8));
        List<Future<Response>> calls = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(4);
        try (Filter filter = looping(service, LONG);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                calls.add(threads.submit(() -> {
                    begun.countDown();
                    return filter.handle(get("/"), passed -> Response.of(200));
                }));
            }
            begun.await();
            service.close();

            for (Future<Response> one : calls) {
                await().atMost(LONG).until(one::isDone);
                assertThat(one.state()).isEqualTo(Future.State.FAILED);
            }
        }
    }

    @Test
    void cutsOffACallWhoseThreadIsInterrupted() throws Exception {
        Filter filter = bad("while (true) {}", ScriptFixture.limits(LONG, LONG, Long.MAX_VALUE));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var call = threads.submit(() -> filter.handle(get("/bad"), passed -> Response.of(200)));
            call.cancel(true);
        }

        assertThat(answer(filter, get("/good"))).isEqualTo("fine");
    }

    /** One call of a function of the engine's that would allocate at once what no heap has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'x'.repeat(2 ** 29)",
                "'x'.padEnd(2 ** 29)",
                "(() => { let s = 'xy'; for (let i = 0; i < 28; i++) s += s; return s.charCodeAt(7); })()",
                "new Uint8Array(2e9)",
                "new ArrayBuffer(2e9)",
                "new ArrayBuffer(1, { maxByteLength: 2e9 })",
                "Float64Array.from({ length: 3e8 })",
                "Array.from({ length: 1e9 })",
                "new Array(2 ** 28).toSorted()",
                "new Array(2 ** 28).with(0, 1)"
            })
    void refusesAValueThatIsTooLarge(String value) throws Exception {
        Filter filter = bad(
                "try { return new Response(String((" + value
                        + ").length)); } catch (e) { return new Response(e.name); }",
                ScriptFixture.LIMITS);

        assertThat(answer(filter, get("/bad"))).isEqualTo("RangeError");
    }

    /** A number is read by the library of the JVM, which nothing can end, and which takes seconds for so many digits. */
    private static final String ENDLESS = "const n = BigInt('9'.repeat(700000));";

    @Test
    void givesUpWhatCannotBeEndedAndRunsOtherScriptsInItsPlace() throws Exception {
        try (ScriptService service = new ScriptService(scripts.folder, new ScriptService.Settings(1, 8))) {
            Scripts.Limits limits = ScriptFixture.limits(Duration.ofMillis(200), LONG, Long.MAX_VALUE);
            scripts.write(
                    "stuck.js",
                    "export default (request) => { if (request.path === '/bad') { " + ENDLESS
                            + " } return new Response('fine'); };");
            scripts.write("other.js", "export default () => new Response('other');");
            try (Filter stuck = service.load("stuck.js", Map.of(), limits, Scripts.Isolation.REQUEST, List.of());
                    Filter other = service.load("other.js", Map.of(), limits, Scripts.Isolation.REQUEST, List.of())) {
                assertThatThrownBy(() -> call(stuck, get("/bad")))
                        .isInstanceOf(ScriptException.class)
                        .hasMessage("stuck.js: cut off: more than 200ms of processor time (limits.cpu)");

                // The one thread that there is to be is lost; another one does its work.
                assertThat(answer(other, get("/"))).isEqualTo("other");
                assertThat(call(stuck, get("/good")).status()).isEqualTo(503);
                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(
                                () -> assertThat(answer(stuck, get("/good"))).isEqualTo("fine"));
            }
        }
    }

    @Test
    void scriptsTakeTurns() throws Exception {
        try (ScriptService service = new ScriptService(scripts.folder, new ScriptService.Settings(1, 64));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            scripts.write(
                    "busy.js",
                    "export default (request) => { if (request.path === '/bad') while (true) {} return new"
                            + " Response('fine'); };");
            scripts.write("other.js", "export default () => new Response('other');");
            try (Filter busy = service.load(
                            "busy.js",
                            Map.of(),
                            ScriptFixture.limits(Duration.ofMillis(200), LONG, Long.MAX_VALUE),
                            Scripts.Isolation.REQUEST,
                            List.of());
                    Filter other = service.load(
                            "other.js", Map.of(), ScriptFixture.LIMITS, Scripts.Isolation.REQUEST, List.of())) {
                List<Future<Response>> bad = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    bad.add(threads.submit(() -> busy.handle(get("/bad"), passed -> Response.of(200))));
                }

                assertThat(answer(other, get("/"))).isEqualTo("other");

                assertThat(bad).as("those that wait behind it").anyMatch(one -> !one.isDone());
                for (Future<Response> one : bad) {
                    assertThatThrownBy(one::get).hasMessageContaining("limits.cpu");
                }
            }
        }
    }

    @Test
    void oneThatIsCutOffTakesNoOtherOneWithIt() throws Exception {
        Filter filter = scripts.load(
                """
                export default async (request, next) => {
                  const response = await next(request);
                  if (request.path === "/bad") while (true) {}
                  return response;
                }\
                """, Scripts.Isolation.REQUEST, ScriptFixture.limits(Duration.ofMillis(200), LONG, Long.MAX_VALUE));
        CountDownLatch badIsGone = new CountDownLatch(1);
        CountDownLatch goodWaits = new CountDownLatch(1);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var good = threads.submit(() -> filter.handle(get("/good"), passed -> {
                goodWaits.countDown();
                badIsGone.await();
                return Response.of(204);
            }));
            goodWaits.await();
            assertThatThrownBy(() -> call(filter, get("/bad"))).hasMessageContaining("cut off");
            badIsGone.countDown();

            assertThat(good.get().status()).isEqualTo(204);
        }
    }

    @Test
    void refusesLimitsThatCannotWork() {
        assertThatThrownBy(() -> bad("", ScriptFixture.limits(Duration.ofMillis(1), LONG, 1000)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("1ms (expected: 50ms or more)")
                .extracting(e -> ((ConfigException) e).key())
                .isEqualTo("limits.cpu");
    }

    @Test
    void refusesAModuleThatNeverComesToItsEnd() throws Exception {
        scripts.write("loop.js", "while (true) {}\nexport default () => 1;");

        assertThatThrownBy(() -> scripts.load(
                        "loop.js",
                        Map.of(),
                        Scripts.Isolation.REQUEST,
                        ScriptFixture.limits(Duration.ofMillis(500), Duration.ofMillis(500), 1_000_000)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("loop.js:1:")
                .hasMessageContaining("cut off: not done after 500ms (limits.wall)");
    }
}
