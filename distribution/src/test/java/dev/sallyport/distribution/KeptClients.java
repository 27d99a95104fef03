package dev.sallyport.distribution;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients that ask without end, each on one connection that it never renews, and hold each answer against what is expected
 * at that time: a closed connection, an error, a mixture of two versions and an old version are each noted.
 */
final class KeptClients implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int KEPT_FAULTS = 20;

    /** What must be served from now on; null while a change is under way and both old and new are right. */
    private final AtomicReference<String> expected = new AtomicReference<>();

    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong judged = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<long[]> latencies = new ArrayList<>();
    private final byte[] request;
    private volatile boolean going = true;

    /** @param stamps all values that the header x-stamp may ever have */
    KeptClients(URI address, String path, int count, List<String> stamps) {
        request = ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < count; i++) {
            Ring ring = new Ring();
            latencies.add(ring.nanos);
            threads.add(Thread.ofPlatform().daemon().start(() -> run(address, stamps, ring)));
        }
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

    private void run(URI address, List<String> stamps, Ring ring) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
            while (going) {
                long before = epoch.get();
                String wanted = expected.get();
                long start = System.nanoTime();
                socket.getOutputStream().write(request);
                String stamp = answer(in);
                ring.add(System.nanoTime() - start);
                answers.incrementAndGet();
                if (!stamps.contains(stamp)) {
                    fault("answered " + stamp);
                } else if (wanted != null && before == epoch.get()) {
                    judged.incrementAndGet();
                    if (!wanted.equals(stamp)) {
                        fault("answered " + stamp + " although " + wanted + " was reported to serve");
                    }
                }
            }
        } catch (IOException e) {
            fault("lost its connection: " + e);
        }
    }

    private void fault(String what) {
        if (faults.size() < KEPT_FAULTS) {
            faults.add(what);
        }
    }

    /** Reads one answer; its header x-stamp, or what is wrong with it. */
    private static String answer(InputStream in) throws IOException {
        String status = line(in);
        String stamp = "no stamp";
        int length = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(java.util.Locale.ROOT);
            if (lower.startsWith("x-stamp:")) {
                stamp = line.substring(8).strip();
            } else if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        if (length < 0) {
            throw new IOException("no content-length after " + status);
        }
        in.skipNBytes(length);
        return status.startsWith("HTTP/1.1 200") ? stamp : status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                throw new IOException("closed by the gateway");
            }
            if (read != '\r') {
                line.append((char) read);
            }
        }
        return line.toString();
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
        return answers.get();
    }

    /** How many of them were held against what had to serve. */
    long judged() {
        return judged.get();
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Microseconds of the latest answers, of which that share took no longer. */
    long percentile(double share) {
        long[] all = latencies.stream()
                .flatMapToLong(Arrays::stream)
                .filter(nanos -> nanos > 0)
                .sorted()
                .toArray();
        return all.length == 0 ? 0 : all[(int) Math.min(all.length - 1L, (long) (all.length * share))] / 1000;
    }

    /** Ends them, and waits for it. */
    @Override
    public void close() {
        going = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
