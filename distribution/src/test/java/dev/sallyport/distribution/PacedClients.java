package dev.sallyport.distribution;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask at a steady pace whatever happens, each on a connection of its own. A latency counts from when its
 * request was due, so that one that waits makes those behind it late too, as it would for users.
 */
final class PacedClients implements AutoCloseable {

    private static final int CLIENTS = 8;
    private static final long PACE = TimeUnit.MILLISECONDS.toNanos(20);

    private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean going = true;

    /** @param body how each answer ends */
    PacedClients(URI address, String path, String body) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
        for (int i = 0; i < CLIENTS; i++) {
            long first = System.nanoTime() + PACE * i / CLIENTS;
            threads.add(Thread.ofPlatform().daemon().start(() -> run(address, request, body, first)));
        }
    }

    private void run(URI address, String request, String body, long first) {
        try (RawConnection connection = new RawConnection(address)) {
            for (long due = first; going; due += PACE) {
                LockSupport.parkNanos(due - System.nanoTime());
                String answer = connection.send(request).readTo(body);
                latencies.add(System.nanoTime() - due);
                if (!answer.startsWith("HTTP/1.1 200") || !answer.endsWith(body)) {
                    faults.add("answered " + answer);
                    return;
                }
            }
        } catch (RuntimeException e) {
            faults.add(e.toString());
        }
    }

    int answers() {
        return latencies.size();
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Milliseconds: the median, the share of 99 in 100, and the most. */
    String report() {
        return "%d answers, p50 %.1f ms, p99 %.1f ms, most %.1f ms"
                .formatted(answers(), millis(0.5), millis(0.99), millis(1));
    }

    double millis(double share) {
        long[] all = latencies.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(all);
        return all.length == 0 ? 0 : all[(int) Math.min(all.length - 1L, (long) (all.length * share))] / 1e6;
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
