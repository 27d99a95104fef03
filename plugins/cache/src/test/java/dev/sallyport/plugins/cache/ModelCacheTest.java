package dev.sallyport.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.plugins.cache.ModelCache.Failed;
import dev.sallyport.plugins.cache.ModelCache.Got;
import dev.sallyport.plugins.cache.ModelCache.Sent;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.Requests;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random conversations, with the cache and with a model of it: what clients get, and what the origin is asked, is the same. */
final class ModelCacheTest {

    private static final int WORLDS = Boolean.getBoolean("sallyport.proof") ? 2_000 : 20;
    private static final int STEPS = 500;
    private static final int REMEMBERED = 25;
    private static final List<String> COMPARED = List.of(
            "Age",
            "ETag",
            "Last-Modified",
            "Vary",
            "X-A",
            "X-Version",
            "Cache-Control",
            "Date",
            "Expires",
            "Set-Cookie");

    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void doesWhatTheModelDoes() throws Exception {
        long seed = Long.getLong("cache.model.seed", 9111);
        for (int world = 0; world < WORLDS; world++) {
            play(seed + world);
        }
        // The conversations must have led everywhere, else that they agree says little.
        assertThat(outcomes.keySet())
                .contains(
                        "hit", "fwd=uri-miss", "fwd=vary-miss", "fwd=stale", "fwd=stale 304", "fwd=request", "failed");
    }

    private void play(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        ManualClock clock = new ManualClock();
        try (FakeContext context = FakeContext.builder().clock(clock).build()) {
            Filter filter = context.create(new CacheFactory(), Caches.plain().build());
            ModelOrigin origin = new ModelOrigin(random, clock.millis());
            List<Sent> asked = new ArrayList<>();
            List<Got> answered = new ArrayList<>();
            FakeNext next = FakeNext.answering(request -> {
                Sent sent = sent(request);
                asked.add(sent);
                answered.add(null);
                try {
                    Got got = origin.answer(sent);
                    answered.set(answered.size() - 1, got);
                    return response(sent, got);
                } catch (Failed failure) {
                    throw new UpstreamException(UpstreamException.Kind.CONNECT, "away", failure);
                }
            });
            List<Sent> expected = new ArrayList<>();
            ModelCache model = new ModelCache(sent -> {
                expected.add(sent);
                Got got = expected.size() <= answered.size() ? answered.get(expected.size() - 1) : null;
                if (got == null) {
                    throw new Failed();
                }
                return got;
            });
            Deque<String> story = new ArrayDeque<>();
            for (int step = 0; step < STEPS; step++) {
                clock.advance(Duration.ofSeconds(origin.pause()));
                origin.at(clock.millis());
                if (origin.chance(15)) {
                    origin.change();
                }
                Sent request = origin.request();
                asked.clear();
                answered.clear();
                expected.clear();
                String got = told(request, ask(filter, next, request));
                String modelled = told(request, modelled(model, request, clock.millis()));
                story.add(clock.instant() + " " + request + "\n    asked " + told(asked) + " answered " + answered
                        + "\n    got   " + got + "\n    model " + modelled + " asks " + told(expected));
                if (story.size() > REMEMBERED) {
                    story.remove();
                }
                assertThat(got + " asked " + told(asked))
                        .as("seed %d, step %d:\n%s", seed, step, String.join("\n", story))
                        .isEqualTo(modelled + " asked " + told(expected));
            }
        }
    }

    private static Sent sent(Request request) {
        Map<String, String> fields = ModelCache.fields(Map.of());
        request.headers().forEach(field -> fields.put(field.getKey(), field.getValue()));
        fields.remove("Host");
        return new Sent(request.method(), request.target().toString(), fields);
    }

    private static Response response(Sent sent, Got got) {
        Headers headers = Headers.empty();
        for (Map.Entry<String, String> field : got.fields().entrySet()) {
            headers = headers.withAdded(field.getKey(), field.getValue());
        }
        boolean isBodiless = sent.method().equals("HEAD") || got.body().isEmpty();
        return Response.of(got.status(), headers, isBodiless ? Body.empty() : Body.of(got.body()));
    }

    /** Null where the upstream failed. */
    private Got ask(Filter filter, FakeNext next, Sent sent) throws Exception {
        Requests.Builder builder = Requests.of(sent.method(), sent.url());
        sent.fields().forEach(builder::header);
        Request request = builder.build();
        Response response;
        try {
            response = filter.handle(request, next);
        } catch (UpstreamException failed) {
            outcomes.merge("failed", 1, Integer::sum);
            ((FakeExchange) request.exchange()).complete(502);
            return null;
        }
        String body;
        try (Body content = response.body();
                InputStream in = content.open()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        ((FakeExchange) request.exchange()).complete(response.status());
        Map<String, String> fields = ModelCache.fields(Map.of());
        response.headers().forEach(field -> fields.put(field.getKey(), field.getValue()));
        String status = fields.getOrDefault("Cache-Status", "").replaceFirst("^sallyport; ", "");
        String outcome = status.split(";", 2)[0] + (status.contains("fwd-status=304") ? " 304" : "");
        outcomes.merge(outcome, 1, Integer::sum);
        return new Got(response.status(), fields, body);
    }

    private static Got modelled(ModelCache model, Sent request, long now) {
        try {
            return model.answer(request, now);
        } catch (Failed failed) {
            return null;
        }
    }

    private static String told(Sent request, Got got) {
        if (got == null) {
            return "failed";
        }
        StringBuilder told = new StringBuilder().append(got.status());
        if (!request.method().equals("HEAD") && got.status() != 504) {
            told.append(" '").append(got.body()).append('\'');
        }
        for (String name : COMPARED) {
            if (got.status() != 504 && got.fields().containsKey(name)) {
                told.append(' ').append(name).append(": ").append(got.fields().get(name));
            }
        }
        return told.toString();
    }

    private static String told(List<Sent> asked) {
        return asked.stream()
                .map(sent -> sent.method() + " " + sent.url() + " "
                        + sent.fields().getOrDefault("If-None-Match", "-") + " "
                        + sent.fields().getOrDefault("If-Modified-Since", "-") + " "
                        + sent.fields().getOrDefault("Range", "-"))
                .toList()
                .toString();
    }
}
