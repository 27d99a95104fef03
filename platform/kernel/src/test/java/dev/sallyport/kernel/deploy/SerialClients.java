package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Address;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask without end, each on one connection that it never renews, and hold each answer against the serial numbers
 * of the configurations that may serve while it is under way.
 */
final class SerialClients implements AutoCloseable {

    static final int ROUTES = 6;

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong judged = new AtomicLong();
    private volatile Window window = new Window(0, Set.of());
    private volatile boolean going = true;

    /** Which may serve; each change makes another, by number. */
    private record Window(long epoch, Set<String> allowed) {}

    /** An answer: where it has no header of the route, that is null. */
    private record Answer(int status, String mark, String serial) {}

    /** Whether the configuration of that serial number has that route; it always has the first. */
    static boolean hasRoute(int serial, int route) {
        return route == 0 || ((serial * 2_654_435_761L >> route) & 1) == 0;
    }

    SerialClients(Address address, int count) {
        for (int i = 0; i < count; i++) {
            int first = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> run(address, first)));
        }
    }

    /** That one alone serves. */
    void expect(int serial) {
        set(Set.of(Integer.toString(serial)));
    }

    /** A change is under way: any of them may serve. */
    void allow(Integer... serials) {
        set(Set.copyOf(List.of(serials).stream().map(String::valueOf).distinct().toList()));
    }

    private void set(Set<String> allowed) {
        window = new Window(window.epoch() + 1, allowed);
    }

    private void run(Address address, int first) {
        try (Socket socket = new Socket(address.host(), address.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = first; going; i++) {
                int route = i % ROUTES;
                Window before = window;
                socket.getOutputStream()
                        .write(("GET /r" + route + " HTTP/1.1\r\nHost: a\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                Answer answer = answer(in);
                Window after = window;
                answers.incrementAndGet();
                judge(route, answer, before, after);
            }
        } catch (IOException e) {
            fault("a connection broke: " + e);
        }
    }

    private void judge(int route, Answer answer, Window before, Window after) {
        if (before.allowed().isEmpty()) {
            return;
        }
        if (!answer.mark().matches("\\d+")) {
            fault(answer + " without a mark");
            return;
        }
        boolean has = hasRoute(Integer.parseInt(answer.mark()), route);
        if (answer.status() != (has ? 200 : 404) || (has && !answer.serial().equals(answer.mark()))) {
            fault(answer + " on /r" + route + " is a mixture");
        }
        // Over more than one change in between nothing can be said of which may have served.
        if (after.epoch() - before.epoch() <= 1) {
            if (before.epoch() == after.epoch() && before.allowed().size() == 1) {
                judged.incrementAndGet();
            }
            if (!before.allowed().contains(answer.mark()) && !after.allowed().contains(answer.mark())) {
                fault(answer + " although " + before + ", " + after);
            }
        }
    }

    private static Answer answer(InputStream in) throws IOException {
        int status = 0;
        int length = 0;
        String mark = "";
        String serial = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(java.util.Locale.ROOT);
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (status == 0) {
                status = Integer.parseInt(line.split(" ", 3)[1]);
            } else if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(value);
            } else if (lower.startsWith("x-mark:")) {
                mark = value;
            } else if (lower.startsWith("x-serial:")) {
                serial = value;
            }
        }
        if (in.readNBytes(length).length < length) {
            throw new IOException("cut off in the body");
        }
        return new Answer(status, mark, serial);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private void fault(String what) {
        if (faults.size() < 20) {
            faults.add(what);
        }
    }

    /** Nothing was wrong so far. */
    void check() {
        assertThat(faults).isEmpty();
    }

    long answers() {
        return answers.get();
    }

    /** How many answers came while one configuration alone could serve. */
    long judged() {
        return judged.get();
    }

    @Override
    public void close() {
        going = false;
        for (Thread thread : threads) {
            try {
                thread.join(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
