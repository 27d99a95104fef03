package dev.sallyport.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Store;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CacheFilterTest {

    private final ManualClock clock = new ManualClock();
    private final FakeContext context = FakeContext.builder().clock(clock).build();

    @AfterEach
    void closeContext() {
        context.close();
    }

    private Filter filter(Caches caches) {
        return context.create(new CacheFactory(), caches.build());
    }

    private static Response fresh(String body, String... more) {
        Headers headers = Headers.of(more);
        return Response.of(
                200,
                headers.has("cache-control") ? headers : headers.with("Cache-Control", "max-age=60"),
                Body.of(body));
    }

    /** What a client gets to read. */
    private record Answer(int status, String body, Headers headers) {

        String cacheStatus() {
            return String.join(", ", headers.all("cache-status"));
        }
    }

    private static Answer send(Filter filter, Requests.Builder request, Next next) throws Exception {
        Request built = request.build();
        Response response = filter.handle(built, next);
        String body;
        try (Body content = response.body();
                InputStream in = content.open()) {
            body = built.method().equals("HEAD") ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        ((FakeExchange) built.exchange()).complete(response.status());
        return new Answer(response.status(), body, response.headers());
    }

    private static Answer get(Filter filter, Next next, String... fields) throws Exception {
        Requests.Builder request = Requests.get("/prices");
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return send(filter, request, next);
    }

    @Test
    void answersByWhatItKeepsForAsLongAsThatIsFresh() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("12 EUR"));

        Answer first = get(filter, next);
        clock.advance(Duration.ofSeconds(59));
        Answer second = get(filter, next);
        clock.advance(Duration.ofSeconds(1));
        Answer third = get(filter, next);

        assertThat(first.cacheStatus()).isEqualTo("sallyport; fwd=uri-miss; fwd-status=200; stored; ttl=60");
        assertThat(second.body()).isEqualTo("12 EUR");
        assertThat(second.cacheStatus()).isEqualTo("sallyport; hit; ttl=1");
        assertThat(second.headers().get("age")).isEqualTo("59");
        assertThat(third.cacheStatus()).startsWith("sallyport; fwd=stale");
        assertThat(next.calls()).isEqualTo(2);
    }

    @Test
    void confirmsWhatIsStaleByItsValidators() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> request.header("if-none-match") == null
                ? fresh("12 EUR", "ETag", "\"a\"", "X-Rev", "1")
                : Response.of(304, Headers.of("Cache-Control", "max-age=30", "X-Rev", "2"), Body.empty()));
        get(filter, next);
        clock.advance(Duration.ofSeconds(61));

        Answer confirmed = get(filter, next);
        Answer hit = get(filter, next);

        assertThat(next.requests().getLast().header("if-none-match")).isEqualTo("\"a\"");
        assertThat(confirmed.body()).isEqualTo("12 EUR");
        assertThat(confirmed.headers().get("x-rev")).isEqualTo("2");
        assertThat(confirmed.cacheStatus()).isEqualTo("sallyport; fwd=stale; fwd-status=304; stored; ttl=30");
        assertThat(hit.cacheStatus()).isEqualTo("sallyport; hit; ttl=30");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "private", "max-age=0", "s-maxage=0, max-age=60", "max-age=x"})
    void keepsNothingThatMayNotBeUsed(String control) throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("secret", "Cache-Control", control));

        get(filter, next);
        Answer again = get(filter, next);

        assertThat(next.calls()).isEqualTo(2);
        assertThat(again.cacheStatus()).startsWith("sallyport; fwd=uri-miss; fwd-status=200; detail=");
    }

    @Test
    void keepsNoAnswerThatSetsCookies() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("hello", "Set-Cookie", "sid=1"));

        get(filter, next);

        assertThat(get(filter, next).cacheStatus()).contains("detail=set-cookie");
    }

    @Test
    void keepsWhatIsForAllWithoutItsCookies() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(
                request -> fresh("hello", "Cache-Control", "public, max-age=60", "Set-Cookie", "sid=1"));

        Answer first = get(filter, next);
        Answer second = get(filter, next);

        assertThat(first.headers().has("set-cookie")).isTrue();
        assertThat(second.cacheStatus()).startsWith("sallyport; hit");
        assertThat(second.headers().has("set-cookie")).isFalse();
    }

    @Test
    void fieldsThatAreForOneClientAreLeftOut() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request ->
                fresh("hello", "Cache-Control", "max-age=60, private=\"set-cookie\"", "Set-Cookie", "sid=1"));

        Answer first = get(filter, next);
        Answer second = get(filter, next);

        assertThat(first.headers().has("set-cookie")).isTrue();
        assertThat(second.headers().has("set-cookie")).isFalse();
        assertThat(next.calls()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"max-age=60,2", "'max-age=60, public',1", "s-maxage=60,1", "'max-age=60, must-revalidate',1"})
    void keepsAuthorizedAnswersOnlyWhereTheyAreForAll(String control, int calls) throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("mine", "Cache-Control", control));

        get(filter, next, "Authorization", "Bearer a");
        get(filter, next, "Authorization", "Bearer b");

        assertThat(next.calls()).isEqualTo(calls);
    }

    @Test
    void aConsumerIsLikeAnAuthorization() throws Exception {
        Filter filter = filter(Caches.plain());
        Filter partitioned = filter(Caches.plain().key("consumer"));
        FakeNext next = FakeNext.answering(request -> fresh("mine"));

        assertThat(sendAs("ann", filter, next).cacheStatus()).contains("detail=authorized");
        sendAs("ann", partitioned, next);
        assertThat(sendAs("ann", partitioned, next).cacheStatus()).startsWith("sallyport; hit");
        assertThat(sendAs("bob", partitioned, next).cacheStatus()).contains("fwd=uri-miss");
    }

    private static Answer sendAs(String name, Filter filter, Next next) throws Exception {
        FakeExchange exchange = FakeExchange.create();
        exchange.authenticated(new Consumer(name, List.of(), Map.of()));
        return send(filter, Requests.get("/prices").exchange(exchange), next);
    }

    @Test
    void tellsVariantsApartAndKnowsThemByWhatTheyMean() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(
                request -> fresh(request.header("accept-language") + "", "Vary", "Accept-Language, Accept-Encoding"));

        get(filter, next, "Accept-Language", "de", "Accept-Encoding", "gzip, br");
        Answer other = get(filter, next, "Accept-Language", "en", "Accept-Encoding", "gzip, br");
        Answer same = get(filter, next, "Accept-Language", "DE", "Accept-Encoding", "br,gzip");

        assertThat(other.cacheStatus()).contains("fwd=vary-miss");
        assertThat(same.cacheStatus()).startsWith("sallyport; hit");
        assertThat(same.body()).isEqualTo("de");
    }

    @Test
    void namedValuesOfAFieldMakeFewVariants() throws Exception {
        Filter filter =
                filter(Caches.plain().vary("accept-language", "de", "en").vary("user-agent"));
        FakeNext next = FakeNext.answering(request -> fresh("x", "Vary", "Accept-Language, User-Agent"));

        get(filter, next, "Accept-Language", "de-DE,de;q=0.9,en;q=0.8", "User-Agent", "a");
        get(filter, next, "Accept-Language", "de-AT, fr", "User-Agent", "b");

        assertThat(next.calls()).isOne();
    }

    @Test
    void tooManyVariantsBeginAnew() throws Exception {
        Filter filter = filter(Caches.plain().maxVariants(2));
        FakeNext next = FakeNext.answering(request -> fresh("x", "Vary", "X-A"));

        get(filter, next, "X-A", "1");
        get(filter, next, "X-A", "2");
        get(filter, next, "X-A", "3");

        assertThat(get(filter, next, "X-A", "3").cacheStatus()).startsWith("sallyport; hit");
        assertThat(get(filter, next, "X-A", "1").cacheStatus()).contains("fwd=vary-miss");
    }

    @Test
    void whatChangesSomethingInvalidatesItsUrlAndThoseThatItNames() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> request.method().equals("GET")
                ? fresh("x")
                : Response.of(201, Headers.of("Location", "/prices/1"), Body.empty()));
        get(filter, next);
        send(filter, Requests.get("/prices/1"), next);

        Answer posted = send(filter, Requests.post("/prices", "{}"), next);

        assertThat(posted.cacheStatus()).isEqualTo("sallyport; fwd=method; fwd-status=201");
        assertThat(get(filter, next).cacheStatus()).contains("fwd=uri-miss");
        assertThat(send(filter, Requests.get("/prices/1"), next).cacheStatus()).contains("fwd=uri-miss");
    }

    @Test
    void whatIsOnItsWayWhileItsUrlIsInvalidatedIsNotKept() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext posting = FakeNext.answering(Response.of(204));
        FakeNext next = FakeNext.answering(request -> {
            send(filter, Requests.post("/prices", "{}"), posting);
            return fresh("old");
        });

        Answer first = get(filter, next);
        Answer second = get(filter, FakeNext.answering(fresh("new")));

        assertThat(first.body()).isEqualTo("old");
        assertThat(first.cacheStatus()).contains("detail=not-kept");
        assertThat(second.body()).isEqualTo("new");
    }

    @Test
    void aFailedChangeInvalidatesNothing() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> request.method().equals("GET") ? fresh("x") : Response.of(500));
        get(filter, next);

        send(filter, Requests.post("/prices", "{}"), next);

        assertThat(get(filter, next).cacheStatus()).startsWith("sallyport; hit");
    }

    @Test
    void answersHeadByWhatItKeepsOfGet() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("12 EUR"));
        get(filter, next);

        Answer head = send(filter, Requests.of("HEAD", "/prices"), next);

        assertThat(head.cacheStatus()).startsWith("sallyport; hit");
        assertThat(next.calls()).isOne();
    }

    @Test
    void aHeadThatSaysOtherwiseShowsThatWhatIsStoredIsOfNoUse() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(
                request -> fresh("12 EUR", "ETag", request.method().equals("GET") ? "\"a\"" : "\"b\""));
        get(filter, next);

        send(filter, Requests.of("HEAD", "/prices").header("Cache-Control", "no-cache"), next);

        assertThat(get(filter, next).cacheStatus()).contains("fwd=uri-miss");
    }

    @Test
    void tellsAClientThatItHasItAlready() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("12 EUR", "ETag", "\"a\"", "Content-Type", "text/plain"));

        Answer miss = get(filter, next, "If-None-Match", "W/\"a\"");
        Answer hit = get(filter, next, "If-None-Match", "\"b\", \"a\"");

        assertThat(next.request().header("if-none-match")).isNull();
        assertThat(miss.status()).isEqualTo(304);
        assertThat(hit.status()).isEqualTo(304);
        assertThat(hit.headers().get("etag")).isEqualTo("\"a\"");
        assertThat(hit.headers().has("content-type")).isFalse();
        assertThat(get(filter, next, "If-None-Match", "\"b\"").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3,206,0123,bytes 0-3/10",
        "bytes=8-,206,89,bytes 8-9/10",
        "bytes=-3,206,789,bytes 7-9/10",
        "bytes=5-100,206,56789,bytes 5-9/10",
        "bytes=10-,416,'',bytes */10",
        "lines=1-2,200,0123456789,",
        "bytes=3-1,200,0123456789,",
    })
    void givesPartsOfWhatItKeepsWhole(String range, int status, String body, String contentRange) throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("0123456789"));

        Answer miss = get(filter, next, "Range", range);
        Answer hit = get(filter, next, "Range", range);

        assertThat(next.request().header("range")).isNull();
        for (Answer answer : List.of(miss, hit)) {
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.headers().get("content-range")).isEqualTo(contentRange);
        }
    }

    @Test
    void givesSeveralPartsInOneAnswer() throws Exception {
        Filter filter = filter(Caches.plain());

        Answer parts = get(
                filter,
                FakeNext.answering(fresh("0123456789", "Content-Type", "text/plain")),
                "Range",
                "bytes=0-1,5-6");

        assertThat(parts.status()).isEqualTo(206);
        assertThat(parts.headers().get("content-type")).startsWith("multipart/byteranges; boundary=");
        assertThat(parts.body())
                .contains("Content-Range: bytes 0-1/10\r\n\r\n01\r\n", "Content-Range: bytes 5-6/10\r\n\r\n56\r\n");
    }

    @Test
    void aRangeOfWhatIsNotKeptIsAskedOfTheUpstream() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> request.header("range") == null
                ? fresh("0123456789", "Cache-Control", "no-store")
                : Response.of(206, Headers.of("Content-Range", "bytes 0-1/10"), Body.of("01")));

        Answer part = get(filter, next, "Range", "bytes=0-1");

        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("01");
    }

    @Test
    void answersStaleAndFetchesAnewBesideWhereThatIsAllowed() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answeringInTurn(
                fresh("old", "Cache-Control", "max-age=60, stale-while-revalidate=30"),
                fresh("new", "Cache-Control", "max-age=60, stale-while-revalidate=30"));
        get(filter, next);
        clock.advance(Duration.ofSeconds(70));

        Answer stale = get(filter, next);
        Answer after = get(filter, next);

        assertThat(stale.body()).isEqualTo("old");
        assertThat(stale.cacheStatus()).isEqualTo("sallyport; hit; ttl=-10");
        assertThat(after.body()).isEqualTo("new");
        assertThat(next.calls()).isEqualTo(2);
        assertThat(next.besideFailures()).isEmpty();
    }

    @Test
    void answersStaleWhereTheUpstreamFailsAndThatIsAllowed() throws Exception {
        Filter filter = filter(Caches.plain().staleIfError(Duration.ofMinutes(5)));
        get(filter, FakeNext.answering(fresh("old")));
        clock.advance(Duration.ofSeconds(70));
        FakeNext broken = FakeNext.failing(new UpstreamException(UpstreamException.Kind.CONNECT, "refused", null));

        Answer instead = get(filter, broken);
        Answer insteadOf503 = get(filter, FakeNext.answering(Response.of(503)));
        Answer insteadOfABreaker = get(
                filter,
                FakeNext.answering(
                        request -> new Problem(503, "circuit-open", "Temporarily not available").toResponse(request)));
        clock.advance(Duration.ofMinutes(5));

        assertThat(instead.body()).isEqualTo("old");
        assertThat(instead.cacheStatus()).isEqualTo("sallyport; hit; ttl=-10; detail=upstream-failed");
        assertThat(insteadOf503.body()).isEqualTo("old");
        assertThat(insteadOfABreaker.body()).isEqualTo("old");
        assertThatThrownBy(() -> get(filter, broken)).isInstanceOf(UpstreamException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "no-cache"})
    void neverAnswersStaleWhatForbidsIt(String directive) throws Exception {
        Filter filter =
                filter(Caches.plain().staleIfError(Duration.ofMinutes(5)).staleWhileRevalidate(Duration.ofMinutes(5)));
        get(filter, FakeNext.answering(fresh("old", "Cache-Control", "max-age=60, " + directive, "ETag", "\"a\"")));
        clock.advance(Duration.ofSeconds(70));
        FakeNext broken = FakeNext.failing(new UpstreamException(UpstreamException.Kind.CONNECT, "refused", null));

        assertThatThrownBy(() -> get(filter, broken, "Cache-Control", "max-stale"))
                .isInstanceOf(UpstreamException.class);
    }

    @Test
    void requestsSayHowFreshTheirAnswerMustBe() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("x"));
        get(filter, next);
        clock.advance(Duration.ofSeconds(30));

        assertThat(get(filter, next, "Cache-Control", "max-age=40").cacheStatus())
                .contains("hit");
        assertThat(get(filter, next, "Cache-Control", "min-fresh=20").cacheStatus())
                .contains("hit");
        assertThat(get(filter, next, "Cache-Control", "only-if-cached").status())
                .isEqualTo(200);
        assertThat(get(filter, next, "Cache-Control", "max-age=20").cacheStatus())
                .contains("fwd=request");
        clock.advance(Duration.ofSeconds(70));
        assertThat(get(filter, next, "Cache-Control", "max-stale=20").cacheStatus())
                .contains("hit; ttl=-10");
        assertThat(get(filter, next, "Cache-Control", "only-if-cached").status())
                .isEqualTo(504);
        assertThat(get(filter, next, "Pragma", "no-cache").cacheStatus()).contains("fwd=request");
    }

    @Test
    void requestsSayNothingWhereTheyAreNotObeyed() throws Exception {
        Filter filter = filter(Caches.plain().ignoringRequests());
        FakeNext next = FakeNext.answering(request -> fresh("x"));
        get(filter, next);

        get(filter, next, "Cache-Control", "no-cache");

        assertThat(next.calls()).isOne();
    }

    @Test
    void aTargetedFieldIsTheOnlyOneThatCounts() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(
                request -> fresh("x", "Cache-Control", "no-store", "CDN-Cache-Control", "max-age=10"));
        FakeNext broken = FakeNext.answering(
                request -> fresh("x", "Cache-Control", "max-age=60", "CDN-Cache-Control", "max-age=10;;"));

        assertThat(get(filter, next).cacheStatus()).endsWith("stored; ttl=10");
        assertThat(send(filter, Requests.get("/other"), broken).cacheStatus()).endsWith("stored; ttl=60");
    }

    @Test
    void keepsForcedAnswersByTheBodyOfTheirRequest() throws Exception {
        Filter filter =
                filter(Caches.plain().ttl(Duration.ofSeconds(30)).force().keyBody("GET", "POST"));
        FakeNext next = FakeNext.answering(request -> Response.of(
                200,
                Headers.of("Cache-Control", "no-store", "Set-Cookie", "a=b"),
                Body.of("answer to " + request.body().text(1_000))));

        send(filter, Requests.post("/graphql", "{a}"), next);
        Answer same = send(filter, Requests.post("/graphql", "{a}"), next);
        Answer other = send(filter, Requests.post("/graphql", "{b}"), next);

        assertThat(same.body()).isEqualTo("answer to {a}");
        assertThat(same.headers().has("set-cookie")).isFalse();
        assertThat(other.body()).isEqualTo("answer to {b}");
        assertThat(next.calls()).isEqualTo(2);
    }

    @Test
    void keepsErrorsForAsLongAsItIsTold() throws Exception {
        Filter filter = filter(Caches.plain().negative(Duration.ofSeconds(5)));
        FakeNext next = FakeNext.answering(request -> Response.of(404));

        get(filter, next);
        get(filter, next);
        clock.advance(Duration.ofSeconds(6));
        get(filter, next);

        assertThat(next.calls()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "If-Match"})
    void isPassedByWhereAFieldMayChangeTheAnswerThatStandsInNoKey(String name) throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("poison"));

        Answer first = get(filter, next, name, "/admin");
        Answer second = get(filter, next);

        assertThat(first.cacheStatus()).contains("fwd=bypass");
        assertThat(second.cacheStatus()).contains("fwd=uri-miss");
    }

    @Test
    void aGetWithABodyIsPassedBy() throws Exception {
        Filter filter = filter(Caches.plain());

        Answer answer =
                send(filter, Requests.of("GET", "/prices").body(Body.of("q=1")), FakeNext.answering(fresh("poison")));

        assertThat(answer.cacheStatus()).contains("fwd=bypass").contains("detail=request-body");
    }

    @Test
    void waitsForOneThatFetchesTheSameButNotForEver() throws Exception {
        Filter filter = filter(Caches.plain().lockTimeout(Duration.ofMillis(1)));
        List<Answer> inside = new ArrayList<>();
        FakeNext next = FakeNext.answering(request -> {
            inside.add(get(filter, FakeNext.answering(fresh("mine"))));
            return fresh("first");
        });

        get(filter, next);

        assertThat(inside.getFirst().cacheStatus()).contains("fwd=uri-miss").contains("collapsed");
    }

    @Test
    void looksOnceMoreWhereAnotherFetchHasEndedSinceItLooked() throws Exception {
        List<Runnable> afterTheLook = new ArrayList<>();
        Store memory = context.store("memory");
        Store slow = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (_, method, arguments) -> {
                    Object found = method.invoke(memory, arguments);
                    if (method.getName().equals("get") && !afterTheLook.isEmpty()) {
                        afterTheLook.removeFirst().run();
                    }
                    return found;
                });
        try (FakeContext slowly =
                FakeContext.builder().clock(clock).store("memory", slow).build()) {
            Filter filter = slowly.create(new CacheFactory(), Caches.plain().build());
            FakeNext next = FakeNext.answering(request -> fresh("12 EUR"));
            afterTheLook.add(() -> assertThatCode(() -> get(filter, next)).doesNotThrowAnyException());

            Answer looked = get(filter, next);

            assertThat(looked.cacheStatus()).isEqualTo("sallyport; hit; ttl=60");
            assertThat(next.calls()).isEqualTo(1);
        }
    }

    @Test
    void waitsForNobodyWhereWhatIsFetchedIsNotKept() throws Exception {
        Filter filter = filter(Caches.plain().lockTimeout(Duration.ofMillis(1)));
        Response uncacheable = fresh("x", "Cache-Control", "no-store");
        get(filter, FakeNext.answering(uncacheable));
        List<Answer> inside = new ArrayList<>();
        FakeNext next = FakeNext.answering(request -> {
            inside.add(get(filter, FakeNext.answering(uncacheable)));
            return uncacheable;
        });

        get(filter, next);

        assertThat(inside.getFirst().cacheStatus()).doesNotContain("collapsed");
    }

    @Test
    void whatBreaksOffIsNotKept() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext breaking = FakeNext.answering(request ->
                Response.of(200, Headers.of("Cache-Control", "max-age=60"), TrackedBody.breakingAfter("half")));

        assertThatThrownBy(() -> get(filter, breaking)).isInstanceOf(IOException.class);

        assertThat(get(filter, FakeNext.answering(fresh("whole"))).body()).isEqualTo("whole");
    }

    @Test
    void whatTheClientDoesNotReadToTheEndIsNotKept() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> Response.of(
                200,
                Headers.of("Cache-Control", "max-age=60"),
                TrackedBody.chunked("x".repeat(100_000), Headers.empty())));
        Request request = Requests.get("/prices").build();
        Response left = filter.handle(request, next);
        try (InputStream in = left.body().open()) {
            assertThat(in.readNBytes(10)).hasSize(10);
        }
        ((FakeExchange) request.exchange()).complete(200);

        assertThat(get(filter, next).cacheStatus()).contains("fwd=uri-miss");
        assertThat(get(filter, next).cacheStatus()).contains("hit");
    }

    @Test
    void whatIsTooLargeIsPassedOnAndNotKept() throws Exception {
        Filter filter = filter(Caches.plain().maxBody("1KiB"));
        FakeNext known = FakeNext.answering(request -> fresh("x".repeat(2_000)));
        FakeNext unknown = FakeNext.answering(request -> Response.of(
                200,
                Headers.of("Cache-Control", "max-age=60"),
                TrackedBody.chunked("x".repeat(2_000), Headers.empty())));

        assertThat(get(filter, known).cacheStatus()).contains("detail=too-large");
        assertThat(get(filter, unknown).body()).hasSize(2_000);
        assertThat(get(filter, unknown).cacheStatus()).contains("fwd=uri-miss");
    }

    @ParameterizedTest
    @CsvSource({
        "https://gateway.test/prices, false",
        "http://gateway.test/prices, true",
        "/pri, true",
        "/other, false",
        "http://gateway.test/p*, true",
        "tag:shop, true",
        "tag:sho, false"
    })
    void forgetsWhatIsPurged(String on, boolean forgotten) throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("x", "Surrogate-Key", "news shop"));
        get(filter, next);

        command(filter, "purge", on);

        assertThat(get(filter, next).cacheStatus()).contains(forgotten ? "fwd=uri-miss" : "hit");
    }

    @Test
    void whatIsOnItsWayWhileItIsPurgedIsNotUsed() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> {
            command(filter, "purge", null);
            return fresh("old");
        });

        get(filter, next);

        assertThat(get(filter, FakeNext.answering(fresh("new"))).body()).isEqualTo("new");
    }

    @Test
    void whatIsPurgedSoftlyIsConfirmed() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> request.header("if-none-match") == null
                ? fresh("x", "ETag", "\"a\"", "Cache-Tag", "a,b")
                : Response.of(304, Headers.of("Cache-Control", "max-age=60"), Body.empty()));
        get(filter, next);

        command(filter, "soft-purge", "tag:b");

        assertThat(get(filter, next).cacheStatus()).contains("fwd=stale; fwd-status=304; stored");
        assertThat(get(filter, next).cacheStatus()).contains("hit");
    }

    @Test
    void morePurgesThanAreRememberedForgetWhatIsOlder() throws Exception {
        Filter filter = filter(Caches.plain());
        FakeNext next = FakeNext.answering(request -> fresh("x"));
        get(filter, next);

        for (int i = 0; i < 1_001; i++) {
            command(filter, "purge", "/other/" + i);
        }

        assertThat(get(filter, next).cacheStatus()).contains("fwd=uri-miss");
        assertThat(get(filter, next).cacheStatus()).contains("hit");
    }

    @Test
    void refusesAPurgeOfWhatItDoesNotUnderstand() {
        Filter filter = filter(Caches.plain());

        assertThatThrownBy(() -> command(filter, "purge", "prices"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("prices (expected: ");
    }

    private static String command(Filter filter, String name, String on) {
        return filter.commands().stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow()
                .action()
                .run(on);
    }

    @Test
    void anotherMakingOfTheStepFindsWhatTheOneBeforeKept() throws Exception {
        get(filter(Caches.plain()), FakeNext.answering(fresh("x")));

        Answer hit = get(filter(Caches.plain()), FakeNext.failing(new IllegalStateException("not asked")));

        assertThat(hit.cacheStatus()).startsWith("sallyport; hit");
    }

    @Test
    void explainsWhatItWouldAnswer() throws Exception {
        Filter filter = filter(Caches.plain());
        Request request = Requests.get("/prices").build();

        assertThat(filter.explain(request)).isInstanceOf(Explanation.Passes.class);
        get(filter, FakeNext.answering(fresh("x")));

        assertThat(filter.explain(request))
                .isEqualTo(new Explanation.Answers(200, "by what is stored, 0 s old, fresh for 60 s more"));
    }
}
