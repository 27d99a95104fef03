package dev.sallyport.plugins.oidclogin;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;

/** A real browser without a window, driven by its DevTools protocol. It finds nothing but this machine. */
final class Chromium implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path profile;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String devTools;

    private Chromium(Path profile, Process process) {
        this.profile = profile;
        this.process = process;
        Path port = profile.resolve("DevToolsActivePort");
        await().atMost(PATIENCE).until(() -> Files.exists(port) && Files.size(port) > 0);
        try {
            this.devTools = "http://127.0.0.1:" + Files.readAllLines(port).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one with an empty profile; the test is skipped where none is installed. */
    static Chromium start() throws IOException {
        Path program = Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeThat(program)
                .as("chromium is not installed here: what this test shows with a real browser is not shown")
                .isNotNull();
        Path profile = Files.createTempDirectory("chromium");
        return new Chromium(
                profile,
                new ProcessBuilder(
                                String.valueOf(program),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run",
                                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                                "--ignore-certificate-errors",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile)
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("chromium.log").toFile())
                        .start());
    }

    /** Opens a tab. */
    Tab tab() throws Exception {
        HttpResponse<String> opened = client.send(
                HttpRequest.newBuilder(URI.create(devTools + "/json/new?about:blank"))
                        .PUT(BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        String socket = JSONObjectUtils.getString(JSONObjectUtils.parse(opened.body()), "webSocketDebuggerUrl");
        return new Tab(client, URI.create(socket));
    }

    @Override
    public void close() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
        // Its last processes may still write.
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (Stream<Path> files = Files.walk(profile)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
            return true;
        });
    }

    /** One page. For one thread. */
    static final class Tab implements WebSocket.Listener {

        private final WebSocket socket;
        private final AtomicInteger calls = new AtomicInteger();
        private final Map<Integer, CompletableFuture<Map<String, Object>>> answers = new ConcurrentHashMap<>();
        private final StringBuilder message = new StringBuilder();

        private Tab(HttpClient client, URI address) {
            this.socket = client.newWebSocketBuilder().buildAsync(address, this).join();
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                try {
                    Map<String, Object> answer = JSONObjectUtils.parse(message.toString());
                    message.setLength(0);
                    if (answer.get("id") instanceof Number id) {
                        answers.remove(id.intValue()).complete(answer);
                    }
                } catch (ParseException e) {
                    throw new IllegalStateException(e);
                }
            }
            from.request(1);
            return null;
        }

        private Map<String, Object> call(String method, Map<String, Object> parameters) throws Exception {
            int id = calls.incrementAndGet();
            CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
            answers.put(id, answer);
            socket.sendText(Json.write(Map.of("id", id, "method", method, "params", parameters)), true)
                    .join();
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        /** Opens a URL as if it had been typed in, and waits until it has come to a page that this one leads to. */
        void open(String url, String arrivesAt) throws Exception {
            call("Page.navigate", Map.of("url", url));
            awaitPage(arrivesAt);
        }

        /** Waits for a page whose URL begins so. */
        void awaitPage(String url) {
            await("a page " + url)
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> script("document.readyState === 'complete' ? location.href : ''")
                            .startsWith(url));
        }

        /** What a script of the page comes to, as text; of a promise, what it is kept by. */
        String script(String script) throws Exception {
            Map<String, Object> answer = call(
                    "Runtime.evaluate",
                    Map.of("expression", script, "returnByValue", true, "awaitPromise", true, "userGesture", true));
            Map<String, Object> result = JSONObjectUtils.getJSONObject(answer, "result");
            if (result == null || result.containsKey("exceptionDetails")) {
                throw new AssertionError(script + ": " + answer);
            }
            return String.valueOf(
                    JSONObjectUtils.getJSONObject(result, "result").get("value"));
        }

        /** What the page shows. */
        String text() throws Exception {
            return script("document.body.innerText");
        }
    }
}
