package dev.sallyport.kernel.script;

import static dev.sallyport.kernel.script.ScriptFixture.answer;
import static dev.sallyport.kernel.script.ScriptFixture.call;
import static dev.sallyport.kernel.script.ScriptFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts.Isolation;
import dev.sallyport.kernel.script.ScriptService.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many calls at once, scripts that come and go. */
class ScriptConcurrencyTest {

    private static final String PASS =
            "export default async (request, next) => { const r = await next(request); r.headers.set('x',"
                    + " request.path); return r; }";

    @TempDir
    Path folder;

    @Test
    void nobodyWaitsForTheNextOfAnother() throws Exception {
        try (ScriptFixture scripts = new ScriptFixture(folder, new Settings(2, 200))) {
            Filter filter = scripts.load(PASS);
            // Each next returns only when all hundred have been called.
            CountDownLatch all = new CountDownLatch(100);
            List<Future<Response>> calls = new ArrayList<>();

            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 100; i++) {
                    String path = "/" + i;
                    calls.add(threads.submit(() -> filter.handle(get(path), passed -> {
                        all.countDown();
                        all.await();
                        return Response.of(200);
                    })));
                }
            }

            for (int i = 0; i < 100; i++) {
                assertThat(calls.get(i).get().header("x")).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void isBusyWhenAllContextsAreTaken() throws Exception {
        try (ScriptFixture scripts = new ScriptFixture(folder, new Settings(2, 2))) {
            Duration limit = Duration.ofSeconds(3);
            Filter filter = scripts.load(PASS, Isolation.REQUEST, ScriptFixture.limits(limit, limit, 1_000_000));
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch waiting = new CountDownLatch(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Response> first = threads.submit(() -> filter.handle(get("/"), passed -> {
                    waiting.countDown();
                    go.await();
                    return Response.of(200);
                }));
                waiting.await();

                Response second = call(filter, get("/"));
                go.countDown();

                assertThat(second.status()).isEqualTo(503);
                assertThat(second.problem().code()).isEqualTo("script-busy");
                assertThat(second.header("retry-after")).isEqualTo("1");
                assertThat(first.get().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aLoopingScriptDoesNotStopTheOthers() throws Exception {
        try (ScriptFixture scripts = new ScriptFixture(folder, new Settings(2, 50))) {
            Duration cpu = Duration.ofMillis(200);
            Filter loop = scripts.load(
                    "export default (request) => { if (request.path === '/loop') while (true) {} return new"
                            + " Response(''); }",
                    Isolation.REQUEST,
                    ScriptFixture.limits(cpu, Duration.ofSeconds(60), Long.MAX_VALUE));
            Filter good = scripts.load(PASS);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Response>> loops = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    loops.add(threads.submit(() -> loop.handle(get("/loop"), passed -> Response.of(200))));
                }
                for (int i = 0; i < 20; i++) {
                    assertThat(call(good, get("/")).status()).isEqualTo(200);
                }
                for (Future<Response> one : loops) {
                    assertThatThrownBy(one::get).hasMessageContaining("cut off");
                }
            }
        }
    }

    @Test
    void aScriptThatTakesLongLetsTheOthersGoFirst() throws Exception {
        try (ScriptFixture scripts = new ScriptFixture(folder, new Settings(2, 50))) {
            Filter loop = scripts.load(
                    "export default (request) => { if (request.path === '/loop') while (true) {} return new"
                            + " Response(''); }",
                    Isolation.REQUEST,
                    ScriptFixture.limits(Duration.ofSeconds(2), Duration.ofSeconds(60), 0));
            Filter good = scripts.load(PASS);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Response>> loops = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    loops.add(threads.submit(() -> loop.handle(get("/loop"), passed -> Response.of(200))));
                }

                for (int i = 0; i < 20; i++) {
                    call(good, get("/"));
                }

                assertThat(loops.stream().filter(Future::isDone)).hasSizeLessThanOrEqualTo(2);
                for (Future<Response> one : loops) {
                    assertThatThrownBy(one::get).hasMessageContaining("limits.cpu");
                }
            }
        }
    }

    @Test
    void letsCallsEndThatAreUnderWayWhenTheScriptIsReplaced() throws Exception {
        try (ScriptFixture scripts = new ScriptFixture(folder)) {
            scripts.write("a.js", "export default async (r, next) => { await next(r); return new Response('old'); }");
            Filter old = scripts.service.load("a.js", Map.of(), ScriptFixture.LIMITS, Isolation.REQUEST, List.of());
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch waiting = new CountDownLatch(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Response> call = threads.submit(() -> old.handle(get("/"), passed -> {
                    waiting.countDown();
                    go.await();
                    return Response.of(200);
                }));
                waiting.await();

                scripts.write("a.js", "export default () => new Response('new');");
                Filter young =
                        scripts.service.load("a.js", Map.of(), ScriptFixture.LIMITS, Isolation.REQUEST, List.of());
                old.close();
                String fresh = answer(young, get("/"));
                go.countDown();

                assertThat(fresh).isEqualTo("new");
                assertThat(call.get().body().text(10)).isEqualTo("old");
                young.close();
            }
            await().until(() -> scripts.service.openContexts() == 0);
        }
    }

    @Test
    void leavesNoContextsAfterManyVersions() throws Exception {
        try (ScriptFixture scripts = new ScriptFixture(folder)) {
            int versions = Boolean.getBoolean("sallyport.proof") ? 500 : 25;
            for (int i = 0; i < versions; i++) {
                scripts.write("v.js", "export default () => new Response('" + i + "');");
                try (Filter filter =
                        scripts.service.load("v.js", Map.of(), ScriptFixture.LIMITS, Isolation.REQUEST, List.of())) {
                    assertThat(answer(filter, get("/"))).isEqualTo(String.valueOf(i));
                }
            }

            await().until(() -> scripts.service.openContexts() == 0);
        }
    }

    @Test
    void endsItsThreadsWhenItIsClosed() throws Exception {
        ScriptFixture scripts = new ScriptFixture(folder);
        call(scripts.load(PASS), get("/"));

        scripts.close();

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("script-")));
        assertThatThrownBy(() -> scripts.load(PASS)).isInstanceOf(IllegalStateException.class);
    }
}
