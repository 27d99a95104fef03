package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Body;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Does what the service decides. */
final class ExtAuthFilter implements Filter {

    private static final String DENIED = "ext-auth-denied";
    private static final Problem UNAVAILABLE =
            new Problem(503, "ext-auth-unavailable", "Whether the request is allowed cannot be told at present");

    private static final AttributeKey<String> DECISION = AttributeKey.stringKey("decision");
    private static final AttributeKey<Boolean> CACHED = AttributeKey.booleanKey("cached");

    private final ExtAuthConfig config;
    private final Decider decider;
    private final @Nullable DecisionCache cache;
    private final Logger log;
    private final String name;
    private final LongCounter decisions;
    private final AtomicBoolean failing = new AtomicBoolean();

    ExtAuthFilter(ExtAuthConfig config, Decider decider, @Nullable DecisionCache cache, FilterContext context) {
        this.config = config;
        this.decider = decider;
        this.cache = cache;
        log = context.logger();
        name = context.key();
        decisions = context.meter()
                .counterBuilder("sallyport.ext_auth.decisions")
                .setDescription("Decisions: allowed, refused or unavailable; cached where the service was not asked.")
                .build();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        byte[] body = {};
        Request passed = request;
        if (config.body().bytes() > 0 && !request.body().isEmpty()) {
            Body buffered = request.body().buffered(config.body().bytes());
            passed = request.withBody(buffered);
            try (InputStream in = buffered.open()) {
                body = in.readAllBytes();
            }
        }
        ByteBuffer key = cache == null ? null : cache.key(request);
        Decision decision = cache == null || key == null ? null : cache.get(key);
        boolean cached = decision != null;
        if (decision == null) {
            try {
                decision = decider.decide(request, body);
                recovered();
            } catch (IOException e) {
                return undecided(passed, next, e);
            }
            if (cache != null && key != null) {
                cache.put(key, decision);
            }
        }
        return decided(decision, cached, passed, next);
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Unknown("what " + config.ask().url().getHost() + " decides");
    }

    private Response decided(Decision decision, boolean cached, Request request, Next next) throws Exception {
        Exchange exchange = request.exchange();
        if (cached) {
            exchange.note("cached", true);
        }
        return switch (decision) {
            case Decision.Allowed allowed -> {
                count("allowed", cached);
                Response response = next.proceed(request.withHeaders(told(request.headers(), allowed.toUpstream())));
                yield allowed.toClient().isEmpty()
                        ? response
                        : response.withHeaders(added(response.headers(), allowed.toClient()));
            }
            case Decision.Refused refused -> {
                count("refused", cached);
                exchange.note("refused", refused.status());
                yield answer(refused, request);
            }
        };
    }

    private Response undecided(Request request, Next next, IOException failure) throws Exception {
        count("unavailable", false);
        String why = String.valueOf(failure.getMessage());
        request.exchange().note("unavailable", why);
        if (failing.compareAndSet(false, true)) {
            log.log(
                    Level.WARNING,
                    "{0}: {1} does not decide: {2}; {3}",
                    name,
                    config.ask().url().getHost(),
                    why,
                    config.whenUnavailable() == WhenUnavailable.OPEN
                            ? "requests pass undecided"
                            : "requests are answered 503");
        }
        return config.whenUnavailable() == WhenUnavailable.OPEN
                ? next.proceed(request.withHeaders(told(request.headers(), Headers.empty())))
                : UNAVAILABLE.toResponse(request).withHeader("retry-after", "1");
    }

    private void recovered() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            log.log(
                    Level.INFO,
                    "{0}: {1} decides again",
                    name,
                    config.ask().url().getHost());
        }
    }

    /** The request's fields with those of the decision in the place of all that only it may say. */
    private Headers told(Headers fields, Headers decided) {
        Headers told = fields;
        for (String owned : config.toUpstream()) {
            told = told.without(owned);
        }
        return added(told, decided);
    }

    private static Headers added(Headers fields, Headers more) {
        Headers all = fields;
        for (int i = 0; i < more.size(); i++) {
            all = all.withAdded(more.name(i), more.value(i));
        }
        return all;
    }

    /** The service's own answer; where that is but a status, a problem says in words what it means. */
    private static Response answer(Decision.Refused refused, Request request) {
        if (refused.body().isEmpty() && refused.status() >= 400) {
            Problem problem = new Problem(refused.status(), DENIED, "The request is not allowed");
            Response response = problem.toResponse(request);
            Headers fields = refused.headers().without("content-type").without("content-language");
            return response.withHeaders(added(response.headers(), fields));
        }
        return Response.of(refused.status(), refused.headers(), refused.body());
    }

    private void count(String decision, boolean cached) {
        decisions.add(1, Attributes.of(DECISION, decision, CACHED, cached));
    }
}
