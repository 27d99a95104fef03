package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.kernel.admin.Bounded.Turn;
import dev.sallyport.kernel.deploy.RunningGateway;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What hangs keeps nobody waiting but itself, as far as there is room for it. */
final class BoundedTest {

    private final Bounded bounded = new Bounded("replay", Duration.ofMillis(50));

    private void abandon(CountDownLatch end) throws Exception {
        try (Turn turn = bounded.turn()) {
            assertThatThrownBy(() -> turn.run(() -> {
                        while (end.getCount() > 0) {
                            Thread.onSpinWait(); // heeds no interrupt
                            Thread.yield();
                        }
                        return null;
                    }))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    private void refuses(String why) {
        assertThatThrownBy(bounded::turn)
                .isInstanceOfSatisfying(
                        RefusedCallException.class,
                        refused -> assertThat(refused.problem().toString()).contains(why));
    }

    @Test
    void oneAtATime() throws Exception {
        try (Turn turn = bounded.turn()) {
            refuses("another replay is under way");
            assertThat(turn.<String>run(() -> "done")).isEqualTo("done");
        }
        try (Turn turn = bounded.turn()) {
            assertThatThrownBy(() -> turn.run(() -> {
                        throw new IllegalStateException("its own");
                    }))
                    .hasMessage("its own");
        }
    }

    @Test
    void whatIsGivenUpLeavesRoomForOthersUntilTooManyHaveNotEnded() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try {
            for (int i = 0; i < Bounded.MOST_ABANDONED; i++) {
                abandon(end);
            }

            refuses("5 times a replay has taken too long and was given up");
        } finally {
            end.countDown();
        }
        RunningGateway.await(this::runs);
    }

    private boolean runs() {
        try (Turn turn = bounded.turn()) {
            return turn.run(() -> true);
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void whoIsInterruptedAtItsBeginningTakesNoRoomForGood() throws Exception {
        for (int i = 0; i < 3 * Bounded.MOST_ABANDONED; i++) {
            RunningGateway.await(this::runs);
            try (Turn turn = bounded.turn()) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> turn.run(() -> {
                            new CountDownLatch(1).await();
                            return true;
                        }))
                        .isInstanceOf(InterruptedException.class);
            }
        }

        RunningGateway.await(this::runs);
    }
}
