package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class CancellationTest {

    private final Cancellation cancellation = new Cancellation();
    private final List<String> told = new ArrayList<>();

    private Consumer<IOException> telling(String who) {
        return cause -> told.add(who + " " + cause.getMessage());
    }

    @Test
    void tellsAllOnce() {
        for (String who : List.of("a", "b", "c")) {
            cancellation.onCancel(telling(who));
        }

        cancellation.cancel(new IOException("first"));
        cancellation.cancel(new IOException("second"));

        assertThat(told).containsExactly("a first", "b first", "c first");
        assertThat(cancellation.cause()).hasMessage("first");
    }

    @Test
    void tellsAtOnceWhoComesLate() {
        cancellation.cancel(new IOException("over"));

        cancellation.onCancel(telling("late"));

        assertThat(told).containsExactly("late over");
    }

    @Test
    void doesNotTellWhoHasLeft() {
        Consumer<IOException> first = telling("first");
        Consumer<IOException> third = telling("third");
        cancellation.onCancel(first);
        cancellation.onCancel(telling("second"));
        cancellation.onCancel(third);
        cancellation.remove(first);
        cancellation.remove(third);

        cancellation.cancel(new IOException("over"));

        assertThat(told).containsExactly("second over");
    }
}
