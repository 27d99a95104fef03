package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.util.List;
import java.util.Random;
import org.greenbytes.http.sfv.IntegerItem;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parameters;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.junit.jupiter.api.Test;

/** The fields as another program reads them: a parser of structured fields that knows nothing of this one. */
final class FieldsTest {

    private static final List<Algorithm> COUNTING =
            List.of(Algorithm.TOKEN_BUCKET, Algorithm.SLIDING_WINDOW, Algorithm.SLIDING_LOG, Algorithm.FIXED_WINDOW);

    /**
     * "The RateLimit-Policy response header field is a non-empty List of Quota Policy Items"; "q: … REQUIRED … non-negative
     * Integer"; "w: … OPTIONAL … Integer … greater than zero" (draft-ietf-httpapi-ratelimit-headers-10, section 3).
     */
    @Test
    void policiesAreAListOfStringsWithAQuotaAndPerhapsAWindow() throws Exception {
        for (Algorithm algorithm : COUNTING) {
            Response response = handle(
                    "limit",
                    Limits.of("7/10s").algorithm(algorithm).also("90/100ms").quota(1_000L, 20_000L, "Europe/Berlin"));

            List<? extends ListElement<?>> items =
                    Parser.parseList(response.header("ratelimit-policy")).get();
            assertThat(items.stream().map(item -> item.get().toString()))
                    .containsExactly("limit", "limit-2", "limit-day", "limit-month");
            for (ListElement<?> item : items) {
                assertThat(item).isInstanceOf(StringItem.class);
                Parameters parameters = ((StringItem) item).getParams();
                assertThat(((IntegerItem) parameters.get("q")).getAsLong()).isPositive();
                if (parameters.containsKey("w")) {
                    assertThat(((IntegerItem) parameters.get("w")).getAsLong()).isPositive();
                }
            }
        }
    }

    /** "r: … REQUIRED … non-negative Integer"; "t: … OPTIONAL … non-negative Integer" (section 4). */
    @Test
    void whatIsLeftIsAListOfStringsWithARestAndPerhapsATime() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            Algorithm algorithm = COUNTING.get(random.nextInt(COUNTING.size()));
            Response response = handle(
                    "a \"b\" \\ ü" + i,
                    Limits.of((1 + random.nextInt(3)) + "/" + (1 + random.nextInt(90)) + "s")
                            .algorithm(algorithm));

            List<? extends ListElement<?>> items =
                    Parser.parseList(response.header("ratelimit")).get();
            assertThat(items).hasSize(1);
            StringItem item = (StringItem) items.getFirst();
            assertThat(item.get()).isEqualTo("a \"b\" \\ _" + i);
            assertThat(((IntegerItem) item.getParams().get("r")).getAsLong()).isNotNegative();
            if (item.getParams().containsKey("t")) {
                assertThat(((IntegerItem) item.getParams().get("t")).getAsLong())
                        .isNotNegative();
            }
        }
    }

    /** "qu: … a String … concurrent-requests" (section 3.1.3). */
    @Test
    void whatRunsAtTheSameTimeHasAUnitOfItsOwn() throws Exception {
        Response response = handle("limit", Limits.of("7/10s").algorithm(Algorithm.CONCURRENT));

        StringItem policy = (StringItem)
                Parser.parseList(response.header("ratelimit-policy")).get().getFirst();
        assertThat(policy.getParams().get("qu").get()).isEqualTo("concurrent-requests");
        assertThat(policy.getParams().get("q").get()).isEqualTo(7L);
        StringItem left = (StringItem)
                Parser.parseList(response.header("ratelimit")).get().getFirst();
        assertThat(left.getParams().get("r").get()).isEqualTo(6L);
    }

    private static Response handle(String step, Limits limits) throws Exception {
        try (FakeContext context = FakeContext.builder().step(step).build()) {
            Filter filter = context.create(new RateLimitFactory(), limits.build());
            return filter.handle(Requests.get("/").build(), FakeNext.ok());
        }
    }
}
