package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import dev.sallyport.kernel.balance.AdaptiveConcurrency;
import dev.sallyport.kernel.balance.LiveTarget;
import dev.sallyport.kernel.balance.TargetGroup;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The end of a route's chain: chooses a target and runs the steps of the attempt. Where these refuse the target, or no
 * connection to it can be made, nothing was sent, and another one is chosen; for connections, until a time is spent.
 */
final class UpstreamNode implements Node {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final TargetGroup group;
    private final UnaryOperator<String> shown;
    private final Duration moveOnFor;
    private final boolean readsBody;
    private final Next attempt;

    /**
     * @param shown how a target's URL is shown
     * @param moveOnFor how long others are tried where no connection can be made
     * @param readsBody whether there are steps of the attempt, which may have read a body that comes only once
     * @param attempt the first step of the attempt, or the wire
     */
    UpstreamNode(TargetGroup group, UnaryOperator<String> shown, Duration moveOnFor, boolean readsBody, Next attempt) {
        this.group = group;
        this.shown = shown;
        this.moveOnFor = moveOnFor;
        this.readsBody = readsBody;
        this.attempt = attempt;
    }

    String upstream() {
        return group.upstream();
    }

    Next attempt() {
        return attempt;
    }

    @Override
    public Node traced() {
        return new UpstreamNode(group, shown, moveOnFor, readsBody, new TracedAttempt(Node.traced(attempt)));
    }

    @Override
    public Response proceed(Request request) throws Exception {
        AdaptiveConcurrency concurrency = group.concurrency();
        return concurrency == null ? send(request) : admitted(request, concurrency);
    }

    private Response admitted(Request request, AdaptiveConcurrency concurrency) throws Exception {
        if (!concurrency.enter()) {
            throw unavailable("as many requests wait for its answer as it can take", full());
        }
        LiveExchange exchange = (LiveExchange) request.exchange();
        long began = System.nanoTime();
        boolean told = false;
        try {
            Response response = send(request);
            told = true;
            long now = System.nanoTime();
            concurrency.leave(exchange.sinceBody(began, now), response.status() == 503, now);
            return response;
        } catch (UpstreamException failure) {
            if (failure.kind() == Kind.CONNECT_TIMEOUT || failure.kind() == Kind.RESPONSE_TIMEOUT) {
                told = true;
                long now = System.nanoTime();
                concurrency.leave(exchange.sinceBody(began, now), true, now);
            }
            throw failure;
        } catch (ClientGoneException gone) {
            told = true;
            long now = System.nanoTime();
            concurrency.abandoned(exchange.sinceBody(began, now), now);
            throw gone;
        } finally {
            if (!told) {
                concurrency.leave();
            }
        }
    }

    private Response send(Request request) throws Exception {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Set<LiveTarget> tried = exchange.tried();
        Set<LiveTarget> refused = Set.of();
        TargetUnavailableException soonest = null;
        UpstreamException unreached = null;
        long began = 0;
        while (true) {
            if (!group.hasRoom()) {
                throw unavailable("it has as many requests as it may", full());
            }
            LiveTarget target = choose(request, refused, tried);
            if (target == null) {
                throw none(unreached, soonest);
            }
            Attempt last = exchange.attempt();
            Attempt next = new Attempt(
                    last == null ? 1 : last.number() + 1,
                    group.upstream(),
                    target.url(),
                    shown.apply(target.url().toString()));
            exchange.attempt(next, target, group);
            try {
                Observation observation = exchange.observation();
                Response response =
                        observation == null ? attempt.proceed(request) : observed(next, request, observation);
                if (!group.answered(target, response.status())) {
                    exchange.judged();
                } else if (response.tunnel() != null) {
                    group.succeeded(target); // what becomes of a tunnel is the affair of its ends
                    exchange.judged();
                }
                String cookie = group.setCookie(request, target);
                return cookie == null
                        ? response
                        : response.withHeaders(response.headers().withAdded("Set-Cookie", cookie));
            } catch (TargetUnavailableException refusal) {
                soonest = sooner(soonest, refusal);
            } catch (UpstreamException failure) {
                if (failure.kind() != Kind.NO_TARGET) {
                    group.failed(target, String.valueOf(failure.getMessage()));
                    exchange.judged();
                }
                began = began == 0 ? exchange.elapsed().toNanos() : began;
                if (!mayMoveOn(failure, exchange, request.body(), began)) {
                    throw failure;
                }
                unreached = failure;
            }
            exchange.leaveTarget();
            if (refused.isEmpty()) {
                refused = new HashSet<>();
            }
            refused.add(target);
        }
    }

    private Response observed(Attempt tried, Request request, Observation observation) throws Exception {
        try {
            Response response = attempt.proceed(observation.attemptBegins(tried, request));
            observation.attemptEnded(tried, response.status(), null);
            return response;
        } catch (Throwable t) {
            observation.attemptEnded(tried, 0, t);
            throw t;
        }
    }

    /** One that was not tried before where there is such a one: a step that tries again hopes for better. */
    private @Nullable LiveTarget choose(Request request, Set<LiveTarget> refused, Set<LiveTarget> tried) {
        if (!tried.isEmpty()) {
            Set<LiveTarget> avoided = new HashSet<>(tried);
            avoided.addAll(refused);
            LiveTarget other = group.choose(request, avoided);
            if (other != null) {
                return other;
            }
        }
        return group.choose(request, refused);
    }

    private boolean mayMoveOn(UpstreamException failure, LiveExchange exchange, Body body, long began) {
        return failure.kind().isUnsent()
                && exchange.cancellation().cause() == null
                && (!readsBody || body.isEmpty() || body.isReplayable())
                && exchange.elapsed().toNanos() - began < moveOnFor.toNanos();
    }

    private UpstreamException none(
            @Nullable UpstreamException unreached, @Nullable TargetUnavailableException soonest) {
        if (unreached != null && soonest == null && !group.isNoneWell()) {
            return unreached;
        }
        Duration back = group.retryAfter();
        TargetUnavailableException reason = soonest != null || back.isZero()
                ? soonest
                : new TargetUnavailableException("the first may be used again in " + back.toSeconds() + " s", back);
        Throwable told = reason != null ? reason : unreached;
        return unavailable("no target is available" + (told == null ? "" : "; " + told.getMessage()), reason);
    }

    private UpstreamException unavailable(String why, @Nullable TargetUnavailableException reason) {
        return new UpstreamException(Kind.NO_TARGET, "upstream " + group.upstream() + ": " + why, reason);
    }

    private static TargetUnavailableException full() {
        return new TargetUnavailableException("too many requests", SOON);
    }

    private static TargetUnavailableException sooner(
            @Nullable TargetUnavailableException one, TargetUnavailableException other) {
        return one == null || other.retryAfter().compareTo(one.retryAfter()) < 0 ? other : one;
    }
}
