package dev.sallyport.testgateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask without end, each on one connection that it never renews: a client of the JDK would hide that one was
 * closed. Another answer than the one expected, a connection that ends, and one on which nothing comes, are noted.
 */
public final class KeptClients implements AutoCloseable {

    private static final int MOST_FAULTS = 20;

    private final AtomicLongArray answers;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final byte[] request;
    private final Duration patience;
    private volatile boolean going = true;

    /**
     * An answer that has come whole.
     *
     * @param line its first line: {@code HTTP/1.1 200 OK}
     * @param headers by their names in small letters; of several of one name the last
     */
    public record Answer(String line, Map<String, String> headers) {

        /** Whether it has that status. */
        public boolean is(int status) {
            return line.startsWith("HTTP/1.1 " + status + " ");
        }
    }

    /** Knows which answers are right; called by all clients at once. */
    @FunctionalInterface
    public interface Judge {

        /**
         * A client is about to ask.
         *
         * @param client its number, from 0
         * @return what says of the answer what is wrong with it; null for nothing
         */
        Function<Answer, @Nullable String> asks(int client);
    }

    /**
     * Clients that begin at once.
     *
     * @param target what they ask for, by GET: path and query
     * @param headers what they send beside it
     * @param count how many they are; 1 or more
     * @param patience how long an answer is waited for
     */
    public KeptClients(
            URI address, String target, Map<String, String> headers, int count, Duration patience, Judge judge) {
        StringBuilder head =
                new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        request = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        this.patience = patience;
        answers = new AtomicLongArray(count);
        for (int i = 0; i < count; i++) {
            int client = i;
            threads.add(Thread.ofPlatform().daemon().name("client-" + i).start(() -> run(address, judge, client)));
        }
    }

    private void run(URI address, Judge judge, int client) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (going) {
                Function<Answer, @Nullable String> asked = judge.asks(client);
                socket.getOutputStream().write(request);
                String wrong = asked.apply(answer(in));
                if (wrong != null) {
                    fault(wrong);
                }
                answers.incrementAndGet(client);
            }
        } catch (SocketTimeoutException e) {
            fault("a connection got no answer within " + patience.toMillis() + " ms");
        } catch (IOException e) {
            fault("a connection ended: " + e);
        }
    }

    private void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    /** Reads one answer. */
    private static Answer answer(InputStream in) throws IOException {
        String status = line(in);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        String length = headers.get("content-length");
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            skipChunks(in);
        } else if (length != null) {
            in.skipNBytes(Long.parseLong(length));
        } else if (!status.matches("HTTP/1.1 (204|304).*")) {
            throw new IOException("no length after " + status);
        }
        return new Answer(status, headers);
    }

    private static void skipChunks(InputStream in) throws IOException {
        for (long length = length(in); length > 0; length = length(in)) {
            in.skipNBytes(length);
            line(in);
        }
        boolean trailers = true;
        while (trailers) {
            trailers = !line(in).isEmpty();
        }
    }

    private static long length(InputStream in) throws IOException {
        return Long.parseLong(line(in).replaceFirst(";.*", "").strip(), 16);
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

    /** How many answers each has got. */
    public long[] answers() {
        return IntStream.range(0, answers.length()).mapToLong(answers::get).toArray();
    }

    /** Whether each has got so many more than it had then: one that hangs is not made up for by the others. */
    public boolean haveEach(long more, long[] before) {
        return IntStream.range(0, answers.length()).allMatch(i -> answers.get(i) >= before[i] + more);
    }

    /** What is not as it should be. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends them, each behind the answer that it waits for. */
    public void stop() {
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
