package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Body;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Services that describe themselves. They are asked beside the first request, which waits for it, and beside later ones,
 * which do not, once what is known is old. Where that fails, what is known goes on to count.
 */
final class Reflected implements ApiSource {

    /** How long a request waits for the first description. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long after a failure nobody asks again. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final GrpcJsonConfig config;
    private final Description.Reflection settings;
    private final FilterContext context;
    private volatile @Nullable Api api;
    private volatile Instant due = Instant.MIN;
    private volatile String failure = "";
    private @Nullable CompletableFuture<Api> asking;

    Reflected(GrpcJsonConfig config, Description.Reflection settings, FilterContext context) {
        this.config = config;
        this.settings = settings;
        this.context = context;
    }

    @Override
    public Api get(Request request, Next next) throws UnavailableException, InterruptedException {
        Api known = api;
        boolean isDue = !context.clock().instant().isBefore(due);
        if (known != null) {
            if (isDue) {
                var _ = ask(request, next);
            }
            return known;
        }
        CompletableFuture<Api> answer = isDue ? ask(request, next) : underWay();
        if (answer == null) {
            throw new UnavailableException(failure);
        }
        try {
            return answer.get(patience(request).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnavailableException("reflection does not answer");
        } catch (ExecutionException e) {
            throw new UnavailableException(failure);
        }
    }

    private Duration patience(Request request) {
        Instant deadline = request.exchange().deadline();
        Duration left =
                deadline == null ? PATIENCE : Duration.between(context.clock().instant(), deadline);
        return left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
    }

    private synchronized @Nullable CompletableFuture<Api> underWay() {
        return asking;
    }

    private CompletableFuture<Api> ask(Request request, Next next) {
        CompletableFuture<Api> answer;
        synchronized (this) {
            if (asking != null) {
                return asking;
            }
            answer = new CompletableFuture<>();
            asking = answer;
        }
        // Of the request nothing is passed on but its Host: what is learned is for all callers.
        Request question = request.withHeaders(
                        Headers.of("Host", request.headers().get("host", "localhost")))
                .withBody(Body.empty());
        boolean begun = false;
        try {
            begun = beside(answer, next, question);
        } catch (RuntimeException e) {
            failed(answer, e);
            return answer;
        }
        if (!begun) {
            failed(answer, new DescriptionException("reflection cannot be asked now"));
        }
        return answer;
    }

    private boolean beside(CompletableFuture<Api> answer, Next next, Request question) {
        return next.beside(question, (own, way) -> {
            try {
                Next there = settings.upstream() == null ? way : own.exchange().upstream(settings.upstream());
                learned(answer, Reflection.read(own, there, config, this::warn));
            } catch (Throwable e) { // whatever it is: nobody else could ask again
                failed(answer, e);
            }
            return Response.of(204);
        });
    }

    private void warn(DescriptionException bad) {
        context.logger().log(Level.WARNING, "{0}: {1}; it is left out", context.key(), bad.getMessage());
    }

    private synchronized void learned(CompletableFuture<Api> answer, Api read) {
        api = read;
        due = context.clock().instant().plus(settings.refresh());
        failure = "";
        asking = null;
        answer.complete(read);
    }

    private synchronized void failed(CompletableFuture<Api> answer, Throwable e) {
        failure = "reflection: " + (e.getMessage() == null ? e.toString() : e.getMessage());
        due = context.clock().instant().plus(PAUSE);
        asking = null;
        context.logger().log(Level.WARNING, "{0}: {1}", context.key(), failure);
        answer.completeExceptionally(e);
    }

    @Override
    public @Nullable Api known() {
        return api;
    }

    @Override
    public Map<String, ?> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        Api known = api;
        if (known != null) {
            state.put("services", known.services());
            state.put("methods", known.methods());
        }
        if (!failure.isEmpty()) {
            state.put("failure", failure);
        }
        return state;
    }
}
