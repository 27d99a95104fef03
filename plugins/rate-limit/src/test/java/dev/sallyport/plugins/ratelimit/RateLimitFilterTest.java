package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Expression;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RateLimitFilterTest {

    private final FakeContext context =
            FakeContext.builder().route("orders").step("rate-limit").build();
    private final FakeNext next = FakeNext.ok();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void answers429WhenTheLimitIsReached() throws Exception {
        Filter filter = create(limit("2/10s"));
        filter.handle(Requests.get("/").build(), next);
        filter.handle(Requests.get("/").build(), next);

        Response response = filter.handle(Requests.get("/orders/1").build(), next);

        assertThat(response.status()).isEqualTo(429);
        assertThat(next.calls()).isEqualTo(2);
        assertThat(response.body().text(1_000))
                .contains("\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\"")
                .contains("\"violated-policies\":[\"rate-limit\"]")
                .contains("\"instance\":\"/orders/1\"")
                .contains("No more than 2/10s are allowed. Try again in 5 s.");
    }

    @Test
    void explainsWhatIsLeftAndTakesNothing() throws Exception {
        Filter filter = create(limit("2/10s"));
        Request request = Requests.get("/").build();

        assertThat(filter.explain(request).text())
                .isEqualTo("takes one of the 2 that are left for all callers together");
        assertThat(filter.explain(request).text()).startsWith("takes one of the 2");
        filter.handle(request, next);
        filter.handle(request, next);
        assertThat(filter.explain(request))
                .isEqualTo(new Explanation.Answers(429, "none is left for all callers together"));
    }

    @Test
    void countsWhatItRefuses() throws Exception {
        Filter filter = create(limit("1/10s"));
        filter.handle(Requests.get("/").build(), next);
        filter.handle(Requests.get("/").build(), next);
        filter.handle(Requests.get("/").build(), next);

        assertThat(context.metrics())
                .satisfiesExactly(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.rate_limit.refused")
                        .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(point -> point.hasValue(2))));
    }

    @Test
    void saysWhenToTryAgain() throws Exception {
        Filter filter = create(limit("1/10s"));
        filter.handle(Requests.get("/").build(), next);
        context.clock().advance(Duration.ofMillis(1_500));

        Response response = filter.handle(Requests.get("/").build(), next);

        assertThat(response.header("retry-after")).isEqualTo("9");
        assertThat(response.header("ratelimit")).isEqualTo("\"rate-limit\";r=0;t=9");
    }

    @Test
    void passesAgainAfterThatTime() throws Exception {
        Filter filter = create(limit("1/10s"));
        filter.handle(Requests.get("/").build(), next);
        filter.handle(Requests.get("/").build(), next);
        context.clock().advance(Duration.ofSeconds(10));

        Response response = filter.handle(Requests.get("/").build(), next);

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void tellsTheLimitOnResponsesThatPass() throws Exception {
        Filter filter = create(limit("100/m"));

        Response response = filter.handle(Requests.get("/").build(), next);

        assertThat(response.header("ratelimit-policy")).isEqualTo("\"rate-limit\";q=100;w=60");
        assertThat(response.header("ratelimit")).isEqualTo("\"rate-limit\";r=99;t=1");
    }

    @Test
    void tellsTheBurstInTheTimeThatItTakesToFill() throws Exception {
        Response whole = create(burst("100/s", 250)).handle(Requests.get("/").build(), next);
        Response third = create(limit("3/s")).handle(Requests.get("/").build(), next);
        Response shorter = create(limit("10/100ms")).handle(Requests.get("/").build(), next);

        assertThat(whole.header("ratelimit-policy")).isEqualTo("\"rate-limit\";q=250;w=3");
        assertThat(third.header("ratelimit-policy")).isEqualTo("\"rate-limit\";q=3;w=1");
        assertThat(shorter.header("ratelimit-policy")).isEqualTo("\"rate-limit\";q=10");
    }

    @Test
    void keepsTheUpstreamsOwnFields() throws Exception {
        FakeNext upstream = FakeNext.answering(Response.of(200)
                .withHeaders(Headers.of("RateLimit-Policy", "\"daily\";q=9", "RateLimit", "\"daily\";r=3")));

        Response response = create(limit("5/s")).handle(Requests.get("/").build(), upstream);

        assertThat(response.headers().all("ratelimit-policy"))
                .containsExactly("\"daily\";q=9", "\"rate-limit\";q=5;w=1");
        assertThat(response.headers().all("ratelimit")).containsExactly("\"daily\";r=3", "\"rate-limit\";r=4;t=1");
    }

    @Test
    void hidesTheFieldsWhereAsked() throws Exception {
        Filter filter = create(Limits.of("1/m").hideFields().build());

        Response passed = filter.handle(Requests.get("/").build(), next);
        Response refused = filter.handle(Requests.get("/").build(), next);

        assertThat(passed.headers().names()).isEmpty();
        assertThat(refused.headers().names()).containsExactly("content-type", "retry-after");
        assertThat(refused.header("retry-after")).isEqualTo("60");
    }

    @Test
    void writesAnyStepNameAsAStringOfAStructuredField() throws Exception {
        try (FakeContext odd = FakeContext.builder().step("a \"b\" \\ ü").build()) {
            Filter filter = odd.create(new RateLimitFactory(), limit("5/s"));

            Response response = filter.handle(Requests.get("/").build(), next);

            assertThat(response.header("ratelimit")).startsWith("\"a \\\"b\\\" \\\\ _\";r=");
        }
    }

    @Test
    void letsAllCallersShareOneBucketWhereNothingElseIsSaid() throws Exception {
        Filter filter = create(limit("1/m"));
        filter.handle(Requests.get("/").client("203.0.113.1").build(), next);

        Response response =
                filter.handle(Requests.get("/").client("203.0.113.2").build(), next);

        assertThat(response.status()).isEqualTo(429);
    }

    @Test
    void countsEachValueByItself() throws Exception {
        Filter filter = create(by("1/m", "client.address"));

        assertThat(status(filter, Requests.get("/").client("203.0.113.1"))).isEqualTo(200);
        assertThat(status(filter, Requests.get("/").client("203.0.113.2"))).isEqualTo(200);
        assertThat(status(filter, Requests.get("/").client("203.0.113.1"))).isEqualTo(429);
    }

    @Test
    void countsAnIpv6SiteAsOneCaller() throws Exception {
        Filter filter = create(by("1/m", "client.address"));

        assertThat(status(filter, Requests.get("/").client("2001:db8:0:1::1"))).isEqualTo(200);
        assertThat(status(filter, Requests.get("/").client("2001:db8:0:1:ffff::2")))
                .isEqualTo(429);
        assertThat(status(filter, Requests.get("/").client("2001:db8:0:2::1"))).isEqualTo(200);
    }

    @Test
    void countsAnIpv6SiteAsOneCallerAlsoWhereItStandsForAKey() throws Exception {
        Filter filter = create(by("1/m", "header.x-key.orValue(client.address)"));

        assertThat(status(filter, Requests.get("/").client("2001:db8:0:1::1"))).isEqualTo(200);
        assertThat(status(filter, Requests.get("/").client("2001:db8:0:1:ffff::2")))
                .isEqualTo(429);
        assertThat(status(
                        filter, Requests.get("/").client("2001:db8:0:1:ffff::2").header("x-key", "k")))
                .isEqualTo(200);
    }

    @Test
    void countsRequestsWithoutAValueTogether() throws Exception {
        Filter filter = create(by("1/m", "header.x-key"));

        assertThat(status(filter, Requests.get("/").client("203.0.113.1"))).isEqualTo(200);
        assertThat(status(filter, Requests.get("/").client("203.0.113.2"))).isEqualTo(429);
        assertThat(status(filter, Requests.get("/").header("x-key", "-"))).isEqualTo(200);
        assertThat(status(filter, Requests.get("/").header("x-key", ""))).isEqualTo(200);
    }

    @Test
    void tellsLongValuesApart() throws Exception {
        Filter filter = create(by("1/m", "header.x-key"));
        String longValue = "k".repeat(10_000);

        assertThat(status(filter, Requests.get("/").header("x-key", longValue + "1")))
                .isEqualTo(200);
        assertThat(status(filter, Requests.get("/").header("x-key", longValue + "2")))
                .isEqualTo(200);
        assertThat(status(filter, Requests.get("/").header("x-key", longValue + "1")))
                .isEqualTo(429);
    }

    @Test
    void keepsKeysShortHoweverLongTheValueIs() {
        BucketKey key = new BucketKey("rate-limit/orders/rate-limit", List.of(Expression.parse("header.x-key")));
        Request request = Requests.get("/").header("x-key", "k".repeat(10_000)).build();

        assertThat(key.of(request, null)).hasSizeLessThan(100);
    }

    @Test
    void countsByConsumer() throws Exception {
        Filter filter = create(by("1/m", "consumer"));
        Request mobile = Requests.get("/").exchange(exchangeOf("mobile")).build();
        Request web = Requests.get("/").exchange(exchangeOf("web")).build();

        assertThat(filter.handle(mobile, next).status()).isEqualTo(200);
        assertThat(filter.handle(web, next).status()).isEqualTo(200);
    }

    @Test
    void sharesNothingBetweenTwoRoutes() throws Exception {
        Filter one = create(limit("1/m"));
        FakeContext sibling = context.sibling("customers", "rate-limit");
        Filter other = sibling.create(new RateLimitFactory(), limit("1/m"));

        one.handle(Requests.get("/").build(), next);
        Response response = other.handle(Requests.get("/").build(), next);

        assertThat(response.status()).isEqualTo(200);
        sibling.close();
    }

    @Test
    void notesWhatIsLeft() throws Exception {
        FakeExchange exchange = FakeExchange.create();

        create(limit("5/s")).handle(Requests.get("/").exchange(exchange).build(), next);

        assertThat(exchange.notes()).containsEntry("left", 4L);
    }

    @Test
    void refusesAStoreThatDoesNotExist() {
        RateLimitConfig config = Limits.of("1/m").store("shared").build();

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> create(config))
                .returns("store", ConfigException::key);
    }

    private Filter create(RateLimitConfig config) {
        return context.create(new RateLimitFactory(), config);
    }

    private int status(Filter filter, Requests.Builder request) throws Exception {
        return filter.handle(request.build(), next).status();
    }

    private static FakeExchange exchangeOf(String consumer) {
        return FakeExchange.builder().consumer(new Consumer(consumer)).build();
    }

    private static RateLimitConfig limit(String rate) {
        return Limits.of(rate).build();
    }

    private static RateLimitConfig burst(String rate, long burst) {
        return Limits.of(rate).burst(burst).build();
    }

    private static RateLimitConfig by(String rate, String expression) {
        return Limits.of(rate).by(expression).build();
    }
}
