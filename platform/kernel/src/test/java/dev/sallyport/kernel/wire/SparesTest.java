package dev.sallyport.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SparesTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicLong clock = new AtomicLong();
    private final Spares<byte[]> spares = new Spares<>(
            () -> {
                made.incrementAndGet();
                return new byte[1];
            },
            clock::get);

    @Test
    void lendsWhatWasGivenBackLastFirst() {
        byte[] first = spares.take();
        byte[] second = spares.take();
        spares.give(first);
        spares.give(second);

        assertThat(spares.take()).isSameAs(second);
        assertThat(spares.take()).isSameAs(first);
        assertThat(made).hasValue(2);
    }

    @Test
    void keepsAsManyAsWereInUseAtOnce() {
        inUseAtOnce(1_000);
        inUseAtOnce(1_000);

        assertThat(made).hasValue(1_000);
    }

    @Test
    void letsGoOfThoseThatNobodyNeedsForAWhile() {
        inUseAtOnce(1_000);
        clock.addAndGet(11 * SECOND);
        inUseAtOnce(1_000); // and these were needed within that while
        assertThat(spares.count()).isEqualTo(1_000);

        for (int second = 0; second < 30; second++) {
            clock.addAndGet(SECOND);
            for (int i = 0; i < 1_000; i++) {
                inUseAtOnce(3);
            }
        }

        assertThat(spares.count()).isEqualTo(3);
        assertThat(made).hasValue(1_000);
    }

    private void inUseAtOnce(int count) {
        List<byte[]> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(spares.take());
        }
        taken.forEach(spares::give);
    }
}
