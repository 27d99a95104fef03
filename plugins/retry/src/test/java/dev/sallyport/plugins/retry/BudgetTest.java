package dev.sallyport.plugins.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.config.Percent;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetTest {

    @Test
    void hasItsReserveFromTheBeginning() {
        assertThat(taken(new Budget(new Percent(20), 3), 0, 10)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"20%,0,100,20", "20%,5,100,25", "100%,0,10,10", "0.1%,0,1000,1"})
    void hasTheShareOfTheRequestsBesides(String share, int reserve, int requests, int repetitions) {
        Budget budget = new Budget(Percent.parse(share), reserve);

        assertThat(taken(budget, requests, 2)).isEqualTo(repetitions);
    }

    @Test
    void keepsNoMoreThanTheReserve() {
        Budget budget = new Budget(new Percent(20), 3);
        for (int i = 0; i < 1_000; i++) {
            budget.payIn();
        }

        assertThat(budget.left()).isEqualTo(3);
    }

    /** Against the sentence that the page states, over random orders of requests and repetitions. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverGivesMoreThanTheShareAndTheReserve(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Percent share = new Percent(random.nextInt(1, 101));
        int reserve = random.nextInt(0, 20);
        Budget budget = new Budget(share, reserve);
        long requests = 0;
        long repetitions = 0;
        for (int i = 0; i < 100_000; i++) {
            if (random.nextInt(3) == 0) {
                budget.payIn();
                requests++;
            } else if (budget.takeOne()) {
                repetitions++;
            }
            assertThat(repetitions).isLessThanOrEqualTo(reserve + (long) Math.floor(requests * share.value() / 100));
        }
    }

    @Test
    void givesEachOnlyOnce() throws Exception {
        Budget budget = new Budget(new Percent(20), 1_000);
        AtomicLong taken = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                threads.submit(() -> {
                    for (int call = 0; call < 1_000; call++) {
                        budget.payIn();
                        if (budget.takeOne()) {
                            taken.incrementAndGet();
                        }
                    }
                });
            }
        }

        assertThat(taken.get()).isLessThanOrEqualTo(1_000 + 64 * 1_000 / 5);
    }

    private static int taken(Budget budget, int requests, int triesEach) {
        int taken = 0;
        for (int request = 0; request <= requests; request++) {
            if (request > 0) {
                budget.payIn();
            }
            for (int i = 0; i < triesEach; i++) {
                taken += budget.takeOne() ? 1 : 0;
            }
        }
        return taken;
    }
}
