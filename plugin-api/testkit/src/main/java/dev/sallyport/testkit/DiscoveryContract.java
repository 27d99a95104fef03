package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every discovery must keep, as a test class to inherit. The class brings a source, real or pretended, whose answers
 * it can change.
 *
 * <ol>
 *   <li>A watch tells the whole list at once, and again when an instance comes or goes.
 *   <li>A service without an instance, or that nobody has heard of, is an empty list.
 *   <li>While the source is away it throws and tells nothing; when that is back the gateway's next call tells what is
 *       right by then.
 *   <li>Two watches do not disturb each other. Interrupted, a watch ends and tells nothing more.
 *   <li>Closing it twice does no harm, and after it was closed no thread is left.
 * </ol>
 */
public abstract class DiscoveryContract {

    private static final String ONE = "http://127.0.0.1:7001";
    private static final String TWO = "http://127.0.0.1:7002";

    /** For classes that inherit the contract. */
    protected DiscoveryContract() {}

    /** What the discovery under test asks. */
    protected interface Source extends AutoCloseable {

        /** Makes these the only instances of a service: ports of 127.0.0.1, plain HTTP; none takes all away. */
        void set(String service, int... ports) throws Exception;

        /** Goes away: connections break and none is taken. */
        void stop() throws Exception;

        /** Is back where it was, with what was set before or meanwhile. */
        void start() throws Exception;

        @Override
        void close() throws IOException;
    }

    /** A source that runs and has no instances. */
    protected abstract Source source() throws Exception;

    /** Makes a fresh discovery over a source; the contract closes it. */
    protected abstract Discovery create(Source source, FakeContext context) throws Exception;

    /** The query for a service. */
    protected Discovery.Query query(String service) {
        return new Discovery.Query(service, null, "http");
    }

    /** A running test. */
    private final class Run implements AutoCloseable {
        private final Source source = source();
        private final FakeContext context = FakeContext.create();
        private final Discovery discovery = create(source, context);

        Run() throws Exception {}

        WatchedEndpoints watch(String service) {
            return WatchedEndpoints.of(discovery, query(service));
        }

        @Override
        public void close() throws IOException {
            discovery.close();
            context.close();
            source.close();
        }
    }

    /** The first list is there without a change. */
    @Test
    final void tellsTheWholeListAtOnce() throws Exception {
        try (Run run = new Run()) {
            run.source.set("orders", 7001, 7002);

            try (WatchedEndpoints watched = run.watch("orders")) {
                watched.await(ONE, TWO);
            }
        }
    }

    /** Each change is told. */
    @Test
    final void tellsWhatComesAndGoes() throws Exception {
        try (Run run = new Run()) {
            run.source.set("orders", 7001);
            try (WatchedEndpoints watched = run.watch("orders")) {
                watched.await(ONE);

                run.source.set("orders", 7001, 7002);
                watched.await(ONE, TWO);
                run.source.set("orders", 7002);
                watched.await(TWO);
            }
        }
    }

    /** No instance is a list too, from the beginning and later. */
    @Test
    final void tellsThatThereIsNoInstance() throws Exception {
        try (Run run = new Run()) {
            try (WatchedEndpoints watched = run.watch("orders")) {
                watched.await();

                run.source.set("orders", 7001);
                watched.await(ONE);
                run.source.set("orders");
                watched.await();
            }
        }
    }

    /** Instances of other services are no concern of it. */
    @Test
    final void tellsOnlyTheServiceThatWasAskedFor() throws Exception {
        try (Run run = new Run()) {
            run.source.set("orders", 7001);
            run.source.set("orders-old", 7002);

            try (WatchedEndpoints orders = run.watch("orders");
                    WatchedEndpoints old = run.watch("orders-old")) {
                orders.await(ONE);
                old.await(TWO);
            }
        }
    }

    /** While the source is away the last list is the last word, and it catches up afterwards. */
    @Test
    final void throwsWhileTheSourceIsAwayAndCatchesUp() throws Exception {
        try (Run run = new Run()) {
            run.source.set("orders", 7001);
            try (WatchedEndpoints watched = run.watch("orders")) {
                watched.await(ONE);

                run.source.stop();
                watched.awaitFailures(2);
                assertThat(new HashSet<>(watched.lists()))
                        .as("lists told")
                        .isEqualTo(new HashSet<>(List.of(List.<Endpoint>copyOf(watched.now()))));

                run.source.start();
                run.source.set("orders", 7001, 7002);
                watched.await(ONE, TWO);
            }
        }
    }

    /** A watch that is interrupted ends, and the others go on. */
    @Test
    final void endsAWatchThatIsInterrupted() throws Exception {
        try (Run run = new Run();
                WatchedEndpoints other = run.watch("orders")) {
            WatchedEndpoints ended = run.watch("orders");
            other.await();
            ended.await();

            ended.close();
            run.source.set("orders", 7001);
            other.await(ONE);

            assertThat(ended.now()).as("told after the end").isEmpty();
        }
    }

    /** Nothing of it runs on. */
    @Test
    final void leavesNoThreadBehind() throws Exception {
        Map<Long, String> before = Threads.alive();
        try (Run run = new Run()) {
            run.source.set("orders", 7001);
            try (WatchedEndpoints watched = run.watch("orders")) {
                watched.await(ONE);
            }
            run.discovery.close();

            assertThatCode(run.discovery::close).as("second close").doesNotThrowAnyException();
        }

        assertThat(Threads.aliveSince(before, Duration.ofSeconds(20)))
                .as("threads left")
                .isEmpty();
    }
}
