package dev.sallyport.plugins.cache;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.plugins.cache.Rules.Keeping;
import dev.sallyport.plugins.cache.Shelf.Look;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call of the upstream, and what is kept of its answer. For one thread. */
final class Fetch {

    /** Smaller bodies are read before they are answered, so that they are kept however slow the client is. */
    private static final int READ_AT_ONCE = 64 * 1024;

    /** RFC 5861 §4. */
    private static final Set<Integer> ERRORS = Set.of(500, 502, 503, 504);

    private final Tools tools;
    private final Request request;
    private final Next next;
    private final Directives asks;
    private final Flights.@Nullable Flight flight;
    private long asked;

    /** What all calls of one step need. */
    record Tools(CacheConfig config, Rules rules, Shelf shelf, Answers answers, Counts counts, Millis millis) {}

    /** The time. */
    @FunctionalInterface
    interface Millis {
        long now();
    }

    /**
     * @param asks what the request says of the answer
     * @param flight that of those who wait for the answer to be kept; null where nobody does
     */
    Fetch(Tools tools, Request request, Next next, Directives asks, Flights.@Nullable Flight flight) {
        this.tools = tools;
        this.request = request;
        this.next = next;
        this.asks = asks;
        this.flight = flight;
    }

    /** Passes the request on as it is: nothing is kept, but the answer to a HEAD may tell of what is. */
    Response unkept(@Nullable Look look, Told told) throws Exception {
        landed(false);
        Response response = ask(request);
        if (look != null && request.method().equals("HEAD") && response.status() == 200) {
            compare(look, response);
        }
        return tools.answers().told(request, response, told.withStatus(response.status()));
    }

    /** RFC 9111 §4.3.5: the answer to HEAD confirms what is stored of GET, or shows that it is of no use any more. */
    private void compare(Look look, Response response) {
        Stored stored = look.stored();
        if (stored == null || stored.status() != 200) {
            return;
        }
        String length = response.header("content-length");
        boolean same = (length == null || length.equals(Integer.toString(stored.length())))
                && agrees(response, stored, "etag")
                && agrees(response, stored, "last-modified");
        if (same) {
            Stored fresh = freshened(look, stored, merged(stored, response)).stored();
            if (fresh != null) {
                keep(look, fresh);
            }
            return;
        }
        try {
            tools.shelf().invalidate(look.key().url());
        } catch (StoreUnavailableException away) {
            tools.counts().away();
        }
    }

    private static boolean agrees(Response response, Stored stored, String name) {
        String told = response.header(name);
        return told == null || told.equals(stored.headers().get(name));
    }

    /** Has what is stored confirmed, or fetches it anew, and keeps that where it may. */
    Response kept(Look look, Told told) throws Exception {
        Stored stored = look.stored();
        Stored toConfirm = stored != null && stored.hasValidator() ? stored : null;
        Request whole = request.withHeaders(Answers.unconditional(request.headers()));
        Response response;
        try {
            response = ask(
                    toConfirm == null ? whole : request.withHeaders(Answers.confirming(request.headers(), toConfirm)));
        } catch (UpstreamException failed) {
            Response instead = insteadOfFailure(stored, told);
            if (instead == null) {
                throw failed;
            }
            return instead;
        }
        if (ERRORS.contains(response.status())) {
            Response instead = insteadOfFailure(stored, told.withStatus(response.status()));
            if (instead != null) {
                response.body().close();
                return instead;
            }
        }
        if (toConfirm != null && response.status() == 304) {
            String etag = response.header("etag");
            String known = toConfirm.etag();
            response.body().close();
            if (etag == null || known == null || Conditions.same(etag, known)) {
                return confirmed(look, toConfirm, response, told.withStatus(304));
            }
            response = ask(whole); // it confirms another one than ours (RFC 9111 §4.3.4): what is there?
        }
        return judged(look, response, told.withStatus(response.status()));
    }

    private Response ask(Request of) throws Exception {
        asked = tools.millis().now();
        return next.proceed(of);
    }

    /** What is stored, where it may be answered although the upstream fails (RFC 5861 §4); else null. */
    private @Nullable Response insteadOfFailure(@Nullable Stored stored, Told told) {
        if (stored == null || stored.always()) {
            return null;
        }
        long now = tools.millis().now();
        long left = stored.left(now);
        Long asksFor = stored.never() ? null : asks.seconds("stale-if-error", 0);
        long most = Math.max(stored.ifError(), asksFor == null ? 0 : asksFor * 1_000);
        if (left <= 0 && -left >= most) {
            return null;
        }
        landed(true);
        // Where nobody was reached it did not go forward (RFC 9211 §2.1).
        boolean hit = told.status() == 0;
        Told outcome = new Told(
                hit, hit ? null : told.forwarded(), told.status(), false, told.collapsed(), left, "upstream-failed");
        return tools.answers().stored(request, stored, outcome, now);
    }

    private Response confirmed(Look look, Stored stored, Response response, Told told) {
        Headers merged = merged(stored, response);
        Keeping keeping = freshened(look, stored, merged);
        Stored fresh = keeping.stored();
        long now = tools.millis().now();
        Told outcome = fresh == null ? told.withDetail(keeping.verdict()) : kept(told, keep(look, fresh), fresh, now);
        landed(fresh != null);
        // What came with it is for this client, also where it is not kept.
        Headers headers = fresh == null ? merged : merged.with("Age", Long.toString(fresh.age(now) / 1_000));
        Response whole = Response.of(stored.status(), headers, stored.body());
        return tools.answers().told(request, Answers.fit(request, whole, headers, stored), outcome);
    }

    private Headers merged(Stored stored, Response response) {
        Headers news = response.headers();
        return Rules.merged(
                stored.headers(),
                news.has("date")
                        ? news
                        : news.with("Date", HttpDates.format(tools.millis().now())));
    }

    private Keeping freshened(Look look, Stored stored, Headers merged) {
        return tools.rules()
                .freshened(
                        request,
                        asks,
                        stored,
                        merged,
                        asked,
                        tools.millis().now(),
                        look.purges().count());
    }

    private Response judged(Look look, Response response, Told told) throws Exception {
        long now = tools.millis().now();
        Keeping keeping = tools.rules()
                .judge(
                        request,
                        asks,
                        response,
                        look.key().url(),
                        asked,
                        now,
                        look.purges().count());
        Stored head = keeping.stored();
        long length = response.body().length();
        boolean partial = !Answers.unconditional(request.headers()).equals(request.headers());
        if (head == null || length > tools.config().maxBody().bytes()) {
            landed(false);
            Told outcome = told.withDetail(head == null ? keeping.verdict() : "too-large");
            if (!partial || response.status() != 200) {
                return tools.answers().told(request, response, outcome);
            }
            // The client has asked for less than this, and cannot get it from what is not kept.
            response.body().close();
            Response part = ask(request);
            return tools.answers().told(request, part, outcome.withStatus(part.status()));
        }
        if (partial || (length >= 0 && length <= READ_AT_ONCE)) {
            return readAtOnce(look, response, head, told);
        }
        Body recorded = new RecordedBody(
                response.body(),
                head,
                (int) tools.config().maxBody().bytes(),
                whole -> {
                    landed(keep(look, whole));
                },
                () -> {
                    if (flight != null) {
                        flight.end(); // the next one may get it whole
                    }
                });
        return tools.answers().told(request, response.withBody(recorded), told.withStored(head.left(now)));
    }

    private Response readAtOnce(Look look, Response response, Stored head, Told told) throws Exception {
        int most = (int) tools.config().maxBody().bytes();
        byte[] bytes;
        try (Body body = response.body();
                InputStream in = body.open()) {
            bytes = in.readNBytes(most + 1);
            if (body.length() >= 0 && body.length() != bytes.length) {
                throw new IOException(
                        "the body ended after " + bytes.length + " bytes (expected: " + body.length() + ")");
            }
        }
        if (bytes.length > most) {
            landed(false);
            Response again = ask(request);
            return tools.answers()
                    .told(request, again, told.withStatus(again.status()).withDetail("too-large"));
        }
        Stored whole = head.with(bytes, 0, bytes.length);
        boolean done = keep(look, whole);
        landed(done);
        Response answer = Answers.fit(request, response.withBody(whole.body()), whole.headers(), whole);
        return tools.answers()
                .told(request, answer, kept(told, done, whole, tools.millis().now()));
    }

    private void landed(boolean kept) {
        if (flight == null) {
            return;
        }
        if (kept) {
            flight.end();
        } else {
            flight.endInVain();
        }
    }

    private static Told kept(Told told, boolean done, Stored stored, long now) {
        return done ? told.withStored(stored.left(now)) : told.withDetail("not-kept");
    }

    private boolean keep(Look look, Stored stored) {
        try {
            boolean done = tools.shelf().keep(look, request, stored);
            tools.counts().kept(done);
            return done;
        } catch (StoreUnavailableException away) {
            tools.counts().away();
            return false;
        }
    }
}
