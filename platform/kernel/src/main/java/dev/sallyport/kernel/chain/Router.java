package dev.sallyport.kernel.chain;

import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.config.Size;
import dev.sallyport.kernel.recent.RecentRequests;
import dev.sallyport.kernel.routing.Candidates;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.routing.RouteTable;
import dev.sallyport.kernel.step.StepInstance;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The end of the steps before routing: chooses the route and runs its chain. A failure of the route ends here. */
final class Router implements Node {

    /**
     * A route compiled.
     *
     * @param name the route's name
     * @param owned header names that its steps set: what a client sends under them is not passed on
     * @param total how long an exchange may take; null for as long as it likes
     * @param maxBody the longest body of a request; null where the listener says
     * @param steps what its steps run
     * @param entry its first step
     */
    record CompiledRoute(
            String name,
            List<String> owned,
            @Nullable Duration total,
            @Nullable Size maxBody,
            Set<StepInstance> steps,
            Next entry) {}

    private final RouteTable<CompiledRoute> table;
    private final Deadlines deadlines;
    private final RecentRequests recent;
    private final RecentRequests.Looks looks;
    private final Ways ways;

    /** Gives the first step of a route for an exchange. */
    private interface Ways {
        Next of(CompiledRoute route, LiveExchange exchange);
    }

    /**
     * The end of the steps before routing.
     *
     * @param recent takes a sample of what is routed
     * @param looks what of each is kept there
     */
    Router(RouteTable<CompiledRoute> table, Deadlines deadlines, RecentRequests recent, RecentRequests.Looks looks) {
        this(table, deadlines, recent, looks, (route, exchange) -> route.entry());
    }

    private Router(
            RouteTable<CompiledRoute> table,
            Deadlines deadlines,
            RecentRequests recent,
            RecentRequests.Looks looks,
            Ways ways) {
        this.table = table;
        this.deadlines = deadlines;
        this.recent = recent;
        this.looks = looks;
        this.ways = ways;
    }

    @Override
    public Node traced() {
        return new Router(
                table,
                deadlines,
                recent,
                looks,
                (route, exchange) -> exchange.isRecordedOn(route.name()) ? Node.traced(route.entry()) : route.entry());
    }

    /** The route that takes a request. */
    RouteResult<CompiledRoute> find(Request request) {
        return table.find(request.method(), request.headers().get("host", ""), request.target(), request.headers());
    }

    /** Why it takes it, and why others do not. */
    Candidates<CompiledRoute> candidates(Request request, int limit, UnaryOperator<String> shown) {
        return table.explain(
                request.method(), request.headers().get("host", ""), request.target(), request.headers(), limit, shown);
    }

    @Override
    public Response proceed(Request request) throws Exception {
        recent.see(request, looks);
        return switch (find(request)) {
            case RouteResult.Found<CompiledRoute> found -> run(found, request);
            case RouteResult.MethodNotAllowed<CompiledRoute> other ->
                Problems.methodNotAllowed(request, other.allowed());
            case RouteResult.NotFound<CompiledRoute> none -> Problems.noRoute(request);
        };
    }

    private Response run(RouteResult.Found<CompiledRoute> found, Request request) throws ClientGoneException {
        CompiledRoute route = found.route();
        LiveExchange exchange = (LiveExchange) request.exchange();
        exchange.routed(route.name(), found.parameters(), found.path());
        Request stripped = strip(request, route.owned());
        Future<?> deadline =
                route.total() == null || request.upgrade() != null ? null : deadlines.start(exchange, route.total());
        if (route.maxBody() != null) {
            exchange.limitBody(route.maxBody().bytes());
        }
        try {
            if (stripped.body().length() > exchange.maxBody()) {
                throw new BodyTooLargeException(exchange.maxBody());
            }
            return ways.of(route, exchange).proceed(stripped);
        } catch (
                Throwable
                        failure) { // also errors: a step's deep recursion must not end the connection without an answer
            return Problems.failed(stripped, failure);
        } finally {
            if (deadline != null && exchange.cancellation().cause() instanceof UpstreamException) {
                Thread.interrupted(); // the deadline has interrupted this thread, and the answer is still to be written
            }
        }
    }

    /** Takes off what a client must not say: headers that only steps set. */
    static Request strip(Request request, List<String> owned) {
        Headers headers = request.headers();
        for (String name : owned) {
            headers = headers.without(name);
        }
        return request.withHeaders(headers);
    }
}
