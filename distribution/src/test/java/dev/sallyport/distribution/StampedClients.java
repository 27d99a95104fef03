package dev.sallyport.distribution;

import dev.sallyport.testgateway.KeptClients;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Clients on connections that are kept, which hold each answer against what is expected at that time: an error, a mixture of
 * two versions and an old version are each noted, as is a connection that ends.
 */
final class StampedClients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What must be served from now on; null while a change is under way and both old and new are right. */
    private final AtomicReference<String> expected = new AtomicReference<>();

    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong judged = new AtomicLong();
    private final List<String> stamps;
    private final List<Ring> latencies;
    private final KeptClients clients;

    /** @param stamps all values that the header x-stamp may ever have */
    StampedClients(URI address, String path, int count, List<String> stamps) {
        this.stamps = stamps;
        latencies = Stream.generate(Ring::new).limit(count).toList();
        clients = new KeptClients(address, path, Map.of(), count, PATIENCE, this::asks);
    }

    /** The latest latencies of one client. */
    private static final class Ring {
        private final long[] nanos = new long[1 << 17];
        private int next;

        void add(long value) {
            nanos[next] = value;
            next = (next + 1) % nanos.length;
        }
    }

    private Function<KeptClients.Answer, String> asks(int client) {
        long before = epoch.get();
        String wanted = expected.get();
        long start = System.nanoTime();
        return answer -> {
            latencies.get(client).add(System.nanoTime() - start);
            String stamp = answer.is(200) ? answer.headers().getOrDefault("x-stamp", "no stamp") : answer.line();
            if (!stamps.contains(stamp)) {
                return "answered " + stamp;
            }
            if (wanted == null || before != epoch.get()) {
                return null;
            }
            judged.incrementAndGet();
            return wanted.equals(stamp) ? null : "answered " + stamp + " although " + wanted + " was reported to serve";
        };
    }

    /** A change is about to be made: until {@link #now}, old and new are both right. */
    void changing() {
        expected.set(null);
        epoch.incrementAndGet();
    }

    /** The gateway has reported that this serves: whatever is asked from now on must be answered by it. */
    void now(String stamp) {
        epoch.incrementAndGet();
        expected.set(stamp);
    }

    /** How many answers came. */
    long answers() {
        return LongStream.of(clients.answers()).sum();
    }

    /** How many of them were held against what had to serve. */
    long judged() {
        return judged.get();
    }

    List<String> faults() {
        return clients.faults();
    }

    /** Microseconds of the latest answers, of which that share took no longer. */
    long percentile(double share) {
        long[] all = latencies.stream()
                .flatMapToLong(ring -> Arrays.stream(ring.nanos))
                .filter(nanos -> nanos > 0)
                .sorted()
                .toArray();
        return all.length == 0 ? 0 : all[(int) Math.min(all.length - 1L, (long) (all.length * share))] / 1000;
    }

    /** Ends them, and waits for it. */
    @Override
    public void close() {
        clients.close();
    }
}
