package dev.sallyport.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What a process prints, line by line, as it comes. Thread-safe. */
final class Output {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private Output() {}

    static Output of(Process process) {
        Output output = new Output();
        Thread.ofVirtual().name("output " + process.pid()).start(() -> output.read(process));
        return output;
    }

    private void read(Process process) {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("reading the output failed: " + e);
        }
        lock.lock();
        try {
            ended = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<String> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        return lines().size();
    }

    /** Waits for a line that contains that text, now or later. */
    String await(String text) {
        return await(text, 0);
    }

    /** Waits for a line that contains that text, not looking at the first {@code from} lines. */
    String await(String text, int from) {
        return await(line -> line.contains(text), "'" + text + "'", from);
    }

    String await(Predicate<String> wanted, String description, int from) {
        return await(wanted, description, from, PATIENCE);
    }

    String await(Predicate<String> wanted, String description, int from, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            int next = from;
            while (true) {
                for (; next < lines.size(); next++) {
                    if (wanted.test(lines.get(next))) {
                        return lines.get(next);
                    }
                }
                if (ended || left <= 0) {
                    throw new AssertionError((ended ? "the process has ended" : "waited in vain") + " (expected: "
                            + description + " after line " + from + "); it printed:\n" + String.join("\n", lines));
                }
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing more can come. */
    void awaitEnd() {
        lock.lock();
        try {
            long left = PATIENCE.toNanos();
            while (!ended && left > 0) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
