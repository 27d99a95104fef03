package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorsTest {

    private final AtomicLong open = new AtomicLong();
    private final AtomicLong counts = new AtomicLong();
    private final AtomicLong time = new AtomicLong();

    private Descriptors of(long most) {
        return new Descriptors(
                most,
                () -> {
                    counts.incrementAndGet();
                    return open.get();
                },
                time::get);
    }

    private int take(Descriptors descriptors) {
        int taken = 0;
        while (descriptors.take()) {
            open.incrementAndGet();
            taken++;
        }
        return taken;
    }

    @ParameterizedTest
    @CsvSource({"20000, 130, 19614", "1024, 130, 638", "400, 130, 170", "200, 130, 20", "100, 130, 0"})
    void leavesSomeForOthers(long most, long others, int clients) {
        open.set(others);

        assertThat(take(of(most))).isEqualTo(clients);
    }

    @Test
    void countsSeldom() {
        Descriptors descriptors = of(20_000);

        take(descriptors);

        assertThat(counts.get()).isLessThan(20);
    }

    @Test
    void takesAsManyAsAreGiven() {
        open.set(130);
        Descriptors descriptors = of(400);
        int clients = take(descriptors);

        for (int i = 0; i < 1000; i++) {
            assertThat(descriptors.take()).isFalse();
            descriptors.give();
            assertThat(descriptors.take()).isTrue();
        }
        open.addAndGet(-clients);
        time.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(take(descriptors)).isEqualTo(clients);
    }

    @Test
    void seesWhatOthersTake() {
        Descriptors descriptors = of(400);
        assertThat(descriptors.take()).isTrue();

        open.set(299);
        time.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(take(descriptors)).isOne();
    }

    @Test
    void knowsWhatTheSystemSays() {
        assertThat(Descriptors.open()).isBetween(1L, Descriptors.most());
    }
}
