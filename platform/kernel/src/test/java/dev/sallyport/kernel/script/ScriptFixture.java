package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** A scripts folder with a service on it. */
final class ScriptFixture implements AutoCloseable {

    static final Scripts.Limits LIMITS = limits(Duration.ofSeconds(5), Duration.ofSeconds(30), 0);

    final Path folder;
    final ScriptService service;
    private final List<Filter> filters = new ArrayList<>();

    ScriptFixture(Path folder) {
        this(folder, new ScriptService.Settings(2, 256));
    }

    ScriptFixture(Path folder, ScriptService.Settings settings) {
        this.folder = folder;
        service = new ScriptService(folder, settings);
    }

    static Scripts.Limits limits(Duration cpu, Duration wall, long statements) {
        return limits(cpu, wall, statements, new Size(64 << 20));
    }

    static Scripts.Limits limits(Duration cpu, Duration wall, long statements, Size memory) {
        return new Scripts.Limits(
                cpu,
                wall,
                statements,
                memory,
                new Size(1 << 20),
                new Size(2 << 20),
                3,
                new Rate(20, Duration.ofHours(1)));
    }

    void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    Filter load(String text) throws IOException {
        return load(text, Scripts.Isolation.REQUEST);
    }

    Filter load(String text, Scripts.Isolation isolation) throws IOException {
        return load(text, isolation, LIMITS);
    }

    Filter load(String text, Scripts.Isolation isolation, Scripts.Limits limits) throws IOException {
        write("test.js", text);
        return load("test.js", Map.of(), isolation, limits);
    }

    Filter load(String file, Map<String, ?> config, Scripts.Isolation isolation, Scripts.Limits limits) {
        Filter filter = service.load(file, config, limits, isolation, List.of());
        filters.add(filter);
        return filter;
    }

    /** A script whose body is that, awaiting allowed. */
    Filter handler(String body) throws IOException {
        return load("export default async function (request, next, { config, exchange, log }) {\n" + body + "\n}");
    }

    static Request get(String target, String... headers) {
        return request("GET", target, Body.empty(), headers);
    }

    static Request post(String body, String... headers) {
        return request("POST", "/orders", Body.of(body), headers);
    }

    static Request request(String method, String target, Body body, String... headers) {
        return new Request(method, RequestTarget.parse(target), Headers.of(headers), body, null, new SampleExchange());
    }

    /** Runs it as the gateway does: on a virtual thread. */
    static Response call(Filter filter, Request request, Next next) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                return threads.submit(() -> filter.handle(request, next)).get();
            } catch (java.util.concurrent.ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }

    static Response call(Filter filter, Request request) throws Exception {
        return call(filter, request, ignored -> Response.text(200, "upstream"));
    }

    /** What the script answers, as text. */
    static String answer(Filter filter, Request request) throws Exception {
        return call(filter, request).body().text(1 << 20);
    }

    /** The request as next saw it. */
    static Request seen(Filter filter, Request request) throws Exception {
        CompletableFuture<Request> seen = new CompletableFuture<>();
        call(filter, request, passed -> {
            seen.complete(passed);
            return Response.of(200);
        });
        return seen.getNow(null);
    }

    @Override
    public void close() {
        filters.forEach(Filter::close);
        service.close();
    }
}
