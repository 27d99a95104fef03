package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Calls a script for one case and compares what came of it with what was expected. */
final class ScriptTrial {

    private static final long BODY_LIMIT = 16 << 20;

    private final ScriptCase expected;
    private final List<String> differences = new ArrayList<>();
    /** Of the case, those that nothing has asked for yet. */
    private final List<ScriptCase.Fetch> unasked;

    private @Nullable Request passed;

    ScriptTrial(ScriptCase expected) {
        this.expected = expected;
        unasked = new ArrayList<>(expected.fetches());
    }

    /** What differs, a line each; empty where all is as expected. */
    List<String> run(Filter filter) {
        try {
            SampleExchange exchange = exchange();
            Response response = null;
            Exception failure = null;
            try {
                response = filter.handle(request(exchange), this::next);
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (Exception e) {
                failure = e;
            }
            compareFailure(failure);
            compareRequest();
            unasked.forEach(fetch -> differences.add("fetch: nothing asked for " + fetch.method() + " " + fetch.url()));
            if (response != null) {
                compareResponse(response);
            }
            Map<String, ?> notes = ScriptCase.map(expected.expect(), "notes");
            notes.forEach((name, value) ->
                    JsonDifference.add("notes." + name, value, exchange.notes().get(name), differences));
        } catch (IOException | IllegalArgumentException e) {
            differences.add(String.valueOf(e.getMessage()));
        }
        return differences;
    }

    private Response next(Request request) throws IOException {
        passed = request.withBody(request.body().buffered(BODY_LIMIT));
        Map<String, ?> answer = expected.response();
        if (answer.get("fails") instanceof String kind) {
            String name = kind.toUpperCase(Locale.ROOT).replace('-', '_');
            throw new UpstreamException(UpstreamException.Kind.valueOf(name), "as the case says", null);
        }
        return Response.of(number(answer, "status", 200), headers(answer), body(answer));
    }

    /** Answers what the script fetches, as the case says. */
    CompletableFuture<Response> fetch(HttpRequest request, long most) {
        String asked = request.method() + " " + request.uri();
        ScriptCase.Fetch found = expected.fetches().stream()
                .filter(fetch -> asked.equals(fetch.method() + " " + fetch.url()))
                .findFirst()
                .orElse(null);
        if (found == null) {
            differences.add("fetch: " + asked + " (expected: one of those under fetch: of the case)");
            return CompletableFuture.failedFuture(new ConnectException("not in the case"));
        }
        unasked.remove(found);
        try {
            Headers.Builder headers = Headers.builder(4);
            request.headers().map().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
            compareMessage("fetch of " + found.url() + ": ", found.request(), headers.build(), sent(request));
            Map<String, ?> answer = found.response();
            if (answer.containsKey("fails")) {
                return CompletableFuture.failedFuture(new ConnectException("as the case says"));
            }
            return CompletableFuture.completedFuture(
                    Response.of(number(answer, "status", 200), headers(answer), body(answer)));
        } catch (IOException | IllegalArgumentException e) {
            differences.add(String.valueOf(e.getMessage()));
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Body sent(HttpRequest request) {
        if (request.bodyPublisher().isEmpty() || request.bodyPublisher().get().contentLength() == 0) {
            return Body.empty();
        }
        var bytes = HttpResponse.BodySubscribers.ofByteArray();
        request.bodyPublisher().get().subscribe(new Flow.Subscriber<ByteBuffer>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                bytes.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer part) {
                bytes.onNext(List.of(part));
            }

            @Override
            public void onError(Throwable failure) {
                bytes.onError(failure);
            }

            @Override
            public void onComplete() {
                bytes.onComplete();
            }
        });
        return Body.of(bytes.getBody().toCompletableFuture().join());
    }

    private void compareFailure(@Nullable Exception failure) {
        Object error = expected.expect().get("error");
        if (failure == null) {
            if (error != null) {
                differences.add("no error (expected: " + error + ")");
            }
        } else if (error == null || !String.valueOf(failure.getMessage()).contains(String.valueOf(error))) {
            differences.add("error: " + failure.getMessage() + (error == null ? "" : " (expected: " + error + ")"));
        }
    }

    private void compareRequest() throws IOException {
        Object wanted = expected.expect().get("request");
        if (wanted == null) {
            return;
        }
        if (wanted.equals("none")) {
            if (passed != null) {
                differences.add("request: " + passed + " (expected: none, next is not called)");
            }
            return;
        }
        Map<String, ?> map = ScriptCase.map("expect.request", wanted);
        if (passed == null) {
            differences.add("request: none, next was not called");
            return;
        }
        compare("request.method", map.get("method"), passed.method());
        compare("request.url", map.get("url"), passed.target().toString());
        compareMessage("request.", map, passed.headers(), passed.body());
    }

    private void compareResponse(Response response) throws IOException {
        Map<String, ?> wanted = ScriptCase.map(expected.expect(), "response");
        compare("response.status", wanted.get("status"), response.status());
        compareMessage("response.", wanted, response.headers(), response.body());
    }

    private void compareMessage(String at, Map<String, ?> wanted, Headers headers, Body body) throws IOException {
        ScriptCase.map(wanted, "headers").forEach((name, value) -> {
            List<String> all = headers.all(name);
            String actual = all.isEmpty() ? null : String.join(", ", all);
            String text = value == null ? null : String.valueOf(value);
            JsonDifference.add(at + "headers." + name, text, actual, differences);
        });
        if (wanted.containsKey("body")) {
            compare(at + "body", wanted.get("body"), body.text(BODY_LIMIT));
        }
        if (wanted.containsKey("json")) {
            JsonDifference.addParsed(at + "json", wanted.get("json"), body.text(BODY_LIMIT), differences);
        }
    }

    /** Compares where anything is expected. */
    private void compare(String what, @Nullable Object wanted, Object actual) {
        if (wanted != null) {
            JsonDifference.add(what, wanted, actual, differences);
        }
    }

    private Request request(SampleExchange exchange) {
        Map<String, ?> request = expected.request();
        Headers headers = headers(request);
        return new Request(
                text(request, "method", "GET"),
                RequestTarget.parse(text(request, "url", "/")),
                headers.has("host") ? headers : headers.with("host", "localhost"),
                body(request),
                null,
                exchange);
    }

    private SampleExchange exchange() throws IOException {
        Map<String, ?> exchange = expected.exchange();
        Map<String, ?> consumer = ScriptCase.map(exchange, "consumer");
        return new SampleExchange(
                text(exchange, "route", "sample"),
                texts(ScriptCase.map(exchange, "parameters")),
                InetAddress.getByName(text(exchange, "client", "127.0.0.1")),
                consumer.isEmpty()
                        ? null
                        : new Consumer(
                                text(consumer, "name", ""),
                                consumer.get("groups") instanceof List<?> groups
                                        ? groups.stream().map(String::valueOf).toList()
                                        : List.of(),
                                texts(ScriptCase.map(consumer, "tags"))));
    }

    private static Map<String, String> texts(Map<String, ?> map) {
        Map<String, String> texts = new TreeMap<>();
        map.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }

    private static Headers headers(Map<String, ?> message) {
        Headers.Builder headers = Headers.builder(4);
        ScriptCase.map(message, "headers").forEach((name, value) -> {
            if (value instanceof List<?> several) {
                several.forEach(one -> headers.add(name, String.valueOf(one)));
            } else {
                headers.add(name, String.valueOf(value));
            }
        });
        if (message.containsKey("json") && !headers.build().has("content-type")) {
            headers.add("content-type", "application/json");
        }
        return headers.build();
    }

    private static Body body(Map<String, ?> message) {
        if (message.containsKey("json")) {
            return Body.of(JsonText.of(message.get("json")));
        }
        return Body.of(text(message, "body", ""));
    }

    private static String text(Map<String, ?> map, String key, String otherwise) {
        Object value = map.get(key);
        return value == null ? otherwise : String.valueOf(value);
    }

    private static int number(Map<String, ?> map, String key, int otherwise) {
        return switch (map.get(key)) {
            case null -> otherwise;
            case Integer number -> number;
            case Object other -> throw new IllegalArgumentException(key + ": " + other + " (expected: a number)");
        };
    }
}
