package dev.sallyport.plugins.cache;

import dev.sallyport.api.Body;
import dev.sallyport.api.Command;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.plugins.cache.Flights.Flight;
import dev.sallyport.plugins.cache.Shelf.Look;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers by what it keeps, and keeps what may be kept of what the upstream answers. */
final class CacheFilter implements Filter {

    private static final Problem NOT_STORED = new Problem(504, "not-stored", "Nothing stored that answers it");

    private static final Set<String> SAFE =
            Set.of("GET", "HEAD", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "REPORT", "SEARCH");

    /** They change what some upstreams answer, and stand in no key: who sends one is passed by. */
    private static final List<String> NEVER_KEYED = List.of(
            "x-host",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-original-host",
            "x-original-url",
            "x-rewrite-url");

    private static final int LARGEST_KEY_BODY = 1024 * 1024;
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final CacheConfig config;
    private final CacheKey key;
    private final Vary vary;
    private final Shelf shelf;
    private final Flights flights = new Flights();
    private final Counts counts;
    private final Answers answers;
    private final Fetch.Tools tools;
    private final PurgeCommands purging;
    private final Fetch.Millis millis;

    CacheFilter(CacheConfig config, Shelf shelf, Vary vary, Counts counts, Fetch.Millis millis) {
        this.config = config;
        this.shelf = shelf;
        this.vary = vary;
        this.counts = counts;
        this.millis = millis;
        key = new CacheKey(config.key(), config.keyBody());
        answers = new Answers(counts, config.hideStatus());
        purging = new PurgeCommands(shelf.purges(), counts);
        boolean partitioned =
                config.key().stream().anyMatch(part -> part.toString().equals("consumer"));
        tools = new Fetch.Tools(config, new Rules(config, partitioned), shelf, answers, counts, millis);
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String method = request.method();
        boolean kept = config.methods().contains(method);
        if (!kept && !method.equals("HEAD")) {
            return SAFE.contains(method) ? passed(request, next, "method", null) : invalidating(request, next);
        }
        String unfit = unfit(request);
        if (unfit != null) {
            return passed(request, next, "bypass", unfit);
        }
        Request asked = request;
        if (config.keyBody() && !request.body().isReplayable()) {
            if (request.body().length() > LARGEST_KEY_BODY) {
                return passed(request, next, "bypass", "body-too-large");
            }
            asked = request.withBody(request.body().buffered(LARGEST_KEY_BODY));
        }
        return answer(asked, next, key.of(asked));
    }

    /** Why a request is none that this cache looks at; null where it does. */
    private @Nullable String unfit(Request request) {
        if (request.upgrade() != null) {
            return "upgrade";
        }
        if (!config.keyBody() && !request.body().isEmpty()) {
            return "request-body";
        }
        if (Conditions.isForUpstream(request)) {
            return "precondition";
        }
        for (String name : NEVER_KEYED) {
            if (request.headers().has(name)) {
                return "unkeyed-field";
            }
        }
        return null;
    }

    private Response passed(Request request, Next next, String why, @Nullable String detail) throws Exception {
        Response response = next.proceed(request);
        return answers.told(
                request,
                response,
                Told.forwarded(why).withStatus(response.status()).withDetail(detail));
    }

    /** What changes something makes what is stored of it unfit for use (RFC 9111 §4.4). */
    private Response invalidating(Request request, Next next) throws Exception {
        Response response = next.proceed(request);
        String detail = null;
        if (response.status() >= 200 && response.status() < 400) {
            try {
                CacheKey.Of own = key.of(request.withBody(Body.empty()));
                shelf.invalidate(own.url());
                for (String name : List.of("location", "content-location")) {
                    String other = sameOrigin(own.url(), response.header(name));
                    if (other != null) {
                        shelf.invalidate(other);
                    }
                }
            } catch (StoreUnavailableException away) {
                detail = "store-away";
            }
        }
        return answers.told(
                request,
                response,
                Told.forwarded("method").withStatus(response.status()).withDetail(detail));
    }

    private static @Nullable String sameOrigin(String url, @Nullable String reference) {
        if (reference == null) {
            return null;
        }
        try {
            URI own = URI.create(url);
            URI other = own.resolve(reference.strip());
            boolean same = own.getScheme().equalsIgnoreCase(other.getScheme())
                    && own.getRawAuthority().equalsIgnoreCase(other.getRawAuthority());
            return same
                    ? CacheKey.url(
                            own.getScheme(),
                            own.getRawAuthority(),
                            other.getRawPath() + (other.getRawQuery() == null ? "" : "?" + other.getRawQuery()))
                    : null;
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    private Response answer(Request request, Next next, CacheKey.Of of) throws Exception {
        Directives asks = config.obeyRequests() ? Directives.ofRequest(request.headers()) : Directives.none();
        Look look;
        boolean collapsed = false;
        Flight mine = null;
        while (true) {
            int ended = flights.ended(of);
            look = look(of, request);
            Response stored = look == null ? null : byStored(request, next, asks, look, collapsed);
            if (stored != null) {
                if (mine != null) {
                    mine.end();
                }
                return stored;
            }
            if (asks.has("only-if-cached")) {
                return answers.told(request, NOT_STORED.toResponse(request), Told.forwarded(why(look, asks)))
                        .withoutHeader("Cache-Status"); // of no stored response (RFC 9211 §2)
            }
            String flight = look == null || collapsed || mine != null ? null : awaited(request, look);
            if (flight == null) {
                break;
            }
            mine = flights.tryBegin(of, flight);
            if (mine == null) {
                Flight other = flights.underWay(flight);
                if (other != null) {
                    other.await(config.lockTimeout());
                }
                collapsed = true;
                continue;
            }
            Flight begun = mine;
            request.exchange().onComplete(_ -> begun.end()); // whatever becomes of it
            if (flights.ended(of) == ended) {
                break;
            }
            // One has ended between the look and this one's begin: what it fetched may be stored by now.
        }
        try {
            return fetch(request, next, asks, look, collapsed, mine);
        } catch (Throwable failure) {
            if (mine != null) {
                mine.end();
            }
            throw failure;
        }
    }

    /** By what those are known that may wait for the same; null where that is of no use. */
    private @Nullable String awaited(Request request, Look look) {
        Stored stored = look.stored();
        if (request.method().equals("HEAD") || (stored != null && stored.always())) {
            return null;
        }
        String flight = look.flight(vary, request);
        return flights.isInVain(flight) ? null : flight;
    }

    private @Nullable Look look(CacheKey.Of of, Request request) {
        try {
            return shelf.look(of, request);
        } catch (StoreUnavailableException away) {
            counts.away();
            return null;
        }
    }

    private static String why(@Nullable Look look, Directives asks) {
        if (look == null) {
            return "miss";
        }
        if (look.stored() == null) {
            return look.others() ? "vary-miss" : "uri-miss";
        }
        return asks.isEmpty() ? "stale" : "request";
    }

    /** The answer by what is stored; null where that is not enough. */
    private @Nullable Response byStored(Request request, Next next, Directives asks, Look look, boolean collapsed) {
        Stored stored = look.stored();
        if (stored == null || stored.always() || asks.hasPlain("no-cache")) {
            return null;
        }
        long now = millis.now();
        long left = stored.left(now);
        long mostAge = limit(asks, "max-age");
        Long fresher = asks.seconds("min-fresh", 0);
        if (stored.age(now) > mostAge || (fresher != null && left < fresher * 1_000)) {
            return null;
        }
        if (left > 0) {
            return answers.stored(request, stored, Told.hit(left, collapsed), now);
        }
        if (!stored.never() && asks.has("max-stale") && -left <= limit(asks, "max-stale")) {
            return answers.stored(request, stored, Told.hit(left, collapsed), now);
        }
        if (-left < stored.revalidate() && mostAge == UNLIMITED && fresher == null) {
            refresh(request, next, look);
            return answers.stored(request, stored, Told.hit(left, collapsed), now);
        }
        return null;
    }

    /** {@code max-stale} without an argument is any time; {@code max-age} always has one. */
    private static long limit(Directives asks, String name) {
        Long seconds = asks.hasPlain(name) ? null : asks.seconds(name, 0);
        return seconds == null ? UNLIMITED : seconds * 1_000;
    }

    private Response fetch(
            Request request,
            Next next,
            Directives asks,
            @Nullable Look look,
            boolean collapsed,
            @Nullable Flight flight)
            throws Exception {
        Told told = Told.forwarded(why(look, asks)).withDetail(look == null ? "store-away" : null);
        Fetch fetch = new Fetch(tools, request, next, asks, flight);
        return request.method().equals("HEAD") || look == null || asks.has("no-store")
                ? fetch.unkept(look, told)
                : fetch.kept(look, collapsed ? told.withCollapsed() : told);
    }

    private void refresh(Request request, Next next, Look look) {
        Flight flight = flights.tryBegin(look.key(), look.flight(vary, request));
        if (flight == null) {
            return;
        }
        Request plain = request.withMethod(request.method().equals("HEAD") ? "GET" : request.method())
                .withHeaders(Answers.unconditional(request.headers()));
        boolean begun = next.beside(plain, (copy, rest) -> {
            copy.exchange().onComplete(completion -> flight.end());
            return fetch(copy, rest, Directives.none(), look, false, flight);
        });
        if (!begun) {
            flight.end();
        }
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        if (!config.methods().contains(request.method()) && !request.method().equals("HEAD")) {
            return new Explanation.Passes(request, "keeps no answers to " + request.method());
        }
        String unfit = unfit(request);
        if (unfit != null) {
            return new Explanation.Passes(request, "is passed by: " + unfit);
        }
        if (!config.store().equals("memory")) {
            return new Explanation.Unknown("answers by what the store " + config.store() + " keeps, if it does");
        }
        Look look = shelf.look(key.of(request), request);
        Stored stored = look.stored();
        long now = millis.now();
        if (stored == null) {
            return new Explanation.Passes(request, look.others() ? "has no variant that fits" : "has nothing stored");
        }
        long left = stored.left(now);
        return left > 0 && !stored.always()
                ? new Explanation.Answers(
                        stored.status(),
                        "by what is stored, " + stored.age(now) / 1_000 + " s old, fresh for " + left / 1_000
                                + " s more")
                : new Explanation.Passes(request, "what is stored has to be confirmed by the upstream");
    }

    @Override
    public Map<String, ?> state() {
        return counts.told(flights.count());
    }

    @Override
    public List<Command> commands() {
        return purging.commands();
    }
}
