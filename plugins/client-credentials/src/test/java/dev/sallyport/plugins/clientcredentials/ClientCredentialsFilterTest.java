package dev.sallyport.plugins.clientcredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientCredentialsFilterTest {

    private final Provider provider = new Provider();
    private final FakeContext context = FakeContext.create();
    private final FakeExchange exchange = FakeExchange.create();

    @AfterEach
    void close() {
        context.close();
        provider.close();
    }

    private Configs config() {
        return Configs.at(provider.endpoint());
    }

    private Filter filter(Configs config) {
        return context.create(new ClientCredentialsFactory(), config.build());
    }

    private Filter filter() {
        return filter(config());
    }

    /** The token that the upstream gets. */
    private static String sent(Filter filter) throws Exception {
        FakeNext next = FakeNext.ok();
        filter.handle(Requests.get("/").build(), next);
        return String.valueOf(next.request().header("authorization"));
    }

    private static void assertUnavailable(Response response) throws IOException {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("1");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:identity-provider-unavailable");
    }

    /** Accepts that token alone. */
    private static Next accepts(String token) {
        return request -> Response.of(("Bearer " + token).equals(request.header("authorization")) ? 200 : 401);
    }

    @Test
    void sendsRequestsOnWithAToken() throws Exception {
        FakeNext next = FakeNext.ok();

        filter().handle(
                        Requests.get("/")
                                .header("authorization", "Basic c2VjcmV0")
                                .build(),
                        next);

        assertThat(next.request().headers().all("authorization")).containsExactly("Bearer token-1");
    }

    @Test
    void asksWithItsNameAndSecret() throws Exception {
        sent(filter());
        sent(filter(config().clientAuth(ClientAuth.POST)));

        Provider.Asked basic = provider.asked().getFirst();
        assertThat(basic.authorization())
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString("gateway:s3cret".getBytes()));
        assertThat(basic.form()).containsOnly(Map.entry("grant_type", "client_credentials"));
        Provider.Asked post = provider.asked().getLast();
        assertThat(post.authorization()).isEmpty();
        assertThat(post.form()).containsEntry("client_id", "gateway").containsEntry("client_secret", "s3cret");
    }

    @Test
    void asksForWhatIsConfigured() throws Exception {
        sent(filter(config().scopes("orders:read", "orders:write")
                .audience("https://orders.example.com")
                .parameters(Map.of("resource", "urn:orders"))));

        assertThat(provider.asked().getFirst().form())
                .containsEntry("scope", "orders:read orders:write")
                .containsEntry("audience", "https://orders.example.com")
                .containsEntry("resource", "urn:orders");
    }

    @Test
    void findsTheEndpointFromTheIssuer() throws Exception {
        assertThat(sent(filter(Configs.of(provider.issuer())))).isEqualTo("Bearer token-1");
    }

    @Test
    void keepsATokenUntilShortlyBeforeItsEnd() throws Exception {
        Filter filter = filter();
        assertThat(sent(filter)).isEqualTo("Bearer token-1");
        context.clock().advance(Duration.ofSeconds(269));
        assertThat(sent(filter)).isEqualTo("Bearer token-1");
        assertThat(provider.asked()).hasSize(1);
    }

    @Test
    void fetchesANewerTokenInTheBackground() throws Exception {
        Filter filter = filter();
        sent(filter);
        context.clock().advance(Duration.ofSeconds(270));
        CountDownLatch go = new CountDownLatch(1);
        provider.before = go::await;

        assertThat(sent(filter)).isEqualTo("Bearer token-1");
        assertThat(sent(filter)).isEqualTo("Bearer token-1");
        go.countDown();

        await().untilAsserted(() -> assertThat(sent(filter)).isEqualTo("Bearer token-2"));
        assertThat(provider.asked()).hasSize(2);
    }

    @Test
    void usesAtLeastHalfOfAShortLife() throws Exception {
        provider.answer = provider.answer.replace("300", "20");
        Filter filter = filter();
        sent(filter);
        context.clock().advance(Duration.ofSeconds(9));
        sent(filter);
        assertThat(provider.asked()).hasSize(1);

        context.clock().advance(Duration.ofSeconds(1));
        sent(filter);

        await().untilAsserted(() -> assertThat(provider.asked()).hasSize(2));
    }

    @Test
    void usesATokenForAWhileWhoseEndIsNotTold() throws Exception {
        provider.answer = "{\"access_token\": \"token-$\", \"token_type\": \"bearer\"}";
        Filter filter = filter();
        sent(filter);
        context.clock().advance(Duration.ofSeconds(299));
        assertThat(sent(filter)).isEqualTo("Bearer token-1");
        context.clock().advance(Duration.ofMinutes(5));
        assertThat(sent(filter)).isNotEqualTo("Bearer token-1");
    }

    @Test
    void asksOnceHoweverManyNeedAToken() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        provider.before = () -> {
            asked.countDown();
            go.await();
        };
        Filter filter = filter();
        List<Future<String>> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sent.add(context.threads().submit(() -> sent(filter)));
        }
        asked.await();
        sent.getFirst().cancel(true);
        go.countDown();

        for (Future<String> one : sent.subList(1, sent.size())) {
            assertThat(one.get()).isEqualTo("Bearer token-1");
        }
        assertThat(provider.asked()).hasSize(1);
    }

    @Test
    void answers503WhileThereIsNoToken() throws Exception {
        provider.status = 500;
        Filter filter = filter();
        FakeNext next = FakeNext.ok();

        assertUnavailable(filter.handle(Requests.get("/").exchange(exchange).build(), next));
        assertUnavailable(filter.handle(Requests.get("/").build(), next));

        assertThat(next.calls()).isZero();
        assertThat(exchange.notes()).containsEntry("refused", "no token");
        assertThat(provider.asked()).hasSize(1);
        assertThat(context.log().stream().filter(line -> line.contains("the provider gives no token")))
                .hasSize(1);

        provider.status = 200;
        context.clock().advance(CurrentToken.PAUSE);
        assertThat(sent(filter)).isEqualTo("Bearer token-2");
        assertThat(context.log()).anyMatch(line -> line.contains("gives tokens again"));
    }

    @Test
    void goesOnWithATokenThatHoldsWhileTheProviderIsDown() throws Exception {
        Filter filter = filter();
        sent(filter);
        provider.close();
        context.clock().advance(Duration.ofSeconds(299));
        assertThat(sent(filter)).isEqualTo("Bearer token-1");
        context.clock().advance(Duration.ofSeconds(1));

        assertUnavailable(filter.handle(Requests.get("/").build(), FakeNext.ok()));
    }

    @Test
    void answers503WhereTheProviderIsTooSlow() throws Exception {
        provider.before = () -> new CountDownLatch(1).await();

        assertUnavailable(filter(config().timeout(Duration.ofMillis(50)))
                .handle(Requests.get("/").build(), FakeNext.ok()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"access_token\": \"\", \"token_type\": \"Bearer\"}",
                "{\"access_token\": \"x\", \"token_type\": \"DPoP\"}",
                "{\"access_token\": \"a\\r\\nb\", \"token_type\": \"Bearer\"}"
            })
    void answers503WhereTheAnswerIsNoToken(String answer) throws Exception {
        provider.answer = answer;

        assertUnavailable(filter().handle(Requests.get("/").build(), FakeNext.ok()));
    }

    @Test
    void saysInTheLogThatTheProviderDoesNotKnowTheGateway() throws Exception {
        provider.status = 401;
        provider.answer = "{\"error\": \"invalid_client\"}";

        assertUnavailable(filter().handle(Requests.get("/").build(), FakeNext.ok()));
        assertThat(context.log()).anyMatch(line -> line.contains("are clientId and clientSecret the provider's?"));
    }

    @Test
    void triesAgainWithANewerTokenWhereTheUpstreamRefusesAnOlderOne() throws Exception {
        Filter filter = filter();
        sent(filter);
        context.clock().advance(CurrentToken.YOUNG);
        TrackedBody refused = TrackedBody.of("refused");
        FakeNext next =
                FakeNext.answering(request -> request.header("authorization").equals("Bearer token-2")
                        ? Response.of(200)
                        : Response.of(401).withBody(refused));

        Response response = filter.handle(
                Requests.of("POST", "/")
                        .body(Body.of("replayable"))
                        .exchange(exchange)
                        .build(),
                next);

        assertThat(response.status()).isEqualTo(200);
        assertThat(next.calls()).isEqualTo(2);
        assertThat(refused.isClosed()).isTrue();
        assertThat(exchange.notes()).containsEntry("token", "refused by the upstream");
    }

    @Test
    void passesTheRefusalOnWhereTheBodyIsGone() throws Exception {
        Filter filter = filter();
        sent(filter);
        context.clock().advance(CurrentToken.YOUNG);
        FakeNext next = FakeNext.answering(accepts("token-2"));

        Response response = filter.handle(Requests.post("/", "once").build(), next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(next.calls()).isEqualTo(1);
        // But the token is gone as well.
        assertThat(sent(filter)).isEqualTo("Bearer token-2");
    }

    @Test
    void triesAgainOnceOnly() throws Exception {
        Filter filter = filter();
        sent(filter);
        context.clock().advance(CurrentToken.YOUNG);
        FakeNext next = FakeNext.answering(Response.of(401));
        Request request = Requests.get("/").build();

        assertThat(filter.handle(request, next).status()).isEqualTo(401);
        assertThat(next.calls()).isEqualTo(2);
        assertThat(filter.handle(Requests.get("/").build(), next).status()).isEqualTo(401);
        assertThat(next.calls()).isEqualTo(3);
        assertThat(provider.asked()).hasSize(2);
    }

    @Test
    void keepsATokenThatWasRefusedRightAway() throws Exception {
        Filter filter = filter();
        FakeNext next = FakeNext.answering(Response.of(401));

        assertThat(filter.handle(Requests.get("/").build(), next).status()).isEqualTo(401);

        assertThat(next.calls()).isEqualTo(1);
        assertThat(provider.asked()).hasSize(1);
    }

    @Test
    void passesTheRefusalOnWhereThereIsNoNewerToken() throws Exception {
        Filter filter = filter();
        sent(filter);
        provider.close();
        context.clock().advance(CurrentToken.YOUNG);

        Response response = filter.handle(Requests.get("/").build(), FakeNext.answering(Response.of(401)));

        assertThat(response.status()).isEqualTo(401);
    }

    @Test
    void neverShowsATokenOrTheSecret() throws Exception {
        Filter filter = filter();
        filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
        provider.close();
        context.clock().advance(Duration.ofHours(1));
        filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());

        assertThat(exchange.notes().toString() + context.log()).doesNotContain("token-1", "s3cret");
    }

    @Test
    void explainsByTheTokenThatIsHere() throws Exception {
        Filter filter = filter();
        assertThat(filter.explain(Requests.get("/").build()))
                .isEqualTo(new Explanation.Unknown("the provider is asked for a token first"));

        sent(filter);

        assertThat(filter.explain(Requests.get("/").build())).isInstanceOf(Explanation.Passes.class);
        assertThat(provider.asked()).hasSize(1);
    }
}
