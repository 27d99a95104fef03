package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Percent;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The states that the page draws, against a model of them, over random calls and times. */
final class StatesTest {

    private static final Duration OPEN_FOR = Duration.ofSeconds(30);

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void goesThroughTheStatesOfItsPage(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        int window = random.nextInt(1, 11);
        int enough = random.nextInt(1, window + 1);
        int rate = random.nextInt(1, 5) * 25;
        int tries = random.nextInt(1, 5);
        Model model = new Model(window, enough, rate, tries);
        try (FakeContext context = FakeContext.create()) {
            Filter filter = context.create(
                    new CircuitBreakerFactory(),
                    new CircuitBreakerConfig(
                            new Percent(rate),
                            null,
                            null,
                            new Window(Window.Unit.CALLS, window),
                            enough,
                            OPEN_FOR,
                            tries,
                            null,
                            List.of(500),
                            EnumSet.noneOf(Failure.class),
                            "memory"));
            for (int call = 0; call < 500; call++) {
                context.clock().advance(Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(20_000) : 1));
                boolean fails = random.nextInt(100) < rate;
                boolean passes = model.call(context.clock().instant(), fails);

                int status = send(context, filter, request -> Response.of(fails ? 500 : 200));

                assertThat(status).as("status of call %d", call).isEqualTo(!passes ? 503 : fails ? 500 : 200);
                assertThat(filter.state().get("state"))
                        .as("state after call %d", call)
                        .isEqualTo(model.state);
            }
        }
    }

    private static int send(FakeContext context, Filter filter, Next next) throws Exception {
        FakeExchange exchange = FakeExchange.builder().clock(context.clock()).build();
        return filter.handle(Requests.get("/").exchange(exchange).build(), next).status();
    }

    /** What the page says, and no more. */
    private static final class Model {

        private final int window;
        private final int enough;
        private final int rate;
        private final int tries;
        private final Deque<Boolean> seen = new ArrayDeque<>();
        private String state = "closed";
        private Instant until = Instant.MIN;

        Model(int window, int enough, int rate, int tries) {
            this.window = window;
            this.enough = enough;
            this.rate = rate;
            this.tries = Math.min(tries, enough);
        }

        boolean call(Instant now, boolean fails) {
            if (state.equals("open")) {
                if (!now.isAfter(until)) {
                    return false;
                }
                become("half-open");
            }
            seen.addLast(fails);
            if (state.equals("closed") && seen.size() > window) {
                seen.removeFirst();
            }
            long failed = seen.stream().filter(each -> each).count();
            boolean tooMany = 100 * failed >= (long) rate * seen.size();
            if (state.equals("closed") ? seen.size() >= enough && tooMany : seen.size() == tries && tooMany) {
                become("open");
                until = now.plus(OPEN_FOR);
            } else if (state.equals("half-open") && seen.size() == tries) {
                become("closed");
            }
            return true;
        }

        private void become(String next) {
            state = next;
            seen.clear();
        }
    }
}
