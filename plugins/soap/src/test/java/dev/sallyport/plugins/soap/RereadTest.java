package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A WSDL that is read again. */
final class RereadTest {

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void whatHasFailedIsTriedAgainThoughNoKnownFileChanges() throws Exception {
        Path wsdl = Files.writeString(folder.resolve("t.wsdl"), "1");
        AtomicInteger made = new AtomicInteger();
        CountDownLatch mended = new CountDownLatch(1);
        Reread.Made first = new Reread.Made((request, next) -> next.proceed(request), Set.of(wsdl));
        Filter filter = Reread.of(
                () -> {
                    switch (made.incrementAndGet()) {
                        case 2, 3 -> throw new StackOverflowError("a type that is very deep");
                        case 4 -> mended.countDown();
                        default -> {
                            // made
                        }
                    }
                    return first;
                },
                context,
                1);

        Files.writeString(wsdl, "more");

        assertThat(mended.await(30, TimeUnit.SECONDS)).isTrue();
        while (filter.state().containsKey("failure")) {
            Thread.onSpinWait();
        }
    }
}
