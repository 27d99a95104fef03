package dev.sallyport.testgateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Clients that ask without end, each on one connection that it never renews: a client of the JDK would hide that one was
 * closed. Another answer than the one expected, and a connection that ends, are noted.
 */
final class KeptClients implements AutoCloseable {

    /** Less than that of {@link TestGateway#await}, so that it is said which connection hangs. */
    private static final int PATIENCE_MILLIS = 20_000;

    private static final int MOST_FAULTS = 20;

    private final AtomicLongArray answers;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean going = true;

    KeptClients(URI address, String target, Map<String, String> headers, int status, int count) {
        StringBuilder head =
                new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] request = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        answers = new AtomicLongArray(count);
        for (int i = 0; i < count; i++) {
            int client = i;
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("client-" + i)
                    .start(() -> run(address, request, status, client)));
        }
    }

    private void run(URI address, byte[] request, int status, int client) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (going) {
                socket.getOutputStream().write(request);
                String line = answer(in);
                if (!line.startsWith("HTTP/1.1 " + status + " ")) {
                    fault("answered " + line + " (expected: " + status + ")");
                }
                answers.incrementAndGet(client);
            }
        } catch (SocketTimeoutException e) {
            fault("a connection got no answer within " + PATIENCE_MILLIS + " ms");
        } catch (IOException e) {
            fault("a connection ended: " + e);
        }
    }

    private void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    /** Reads one answer; its first line. */
    private static String answer(InputStream in) throws IOException {
        String status = line(in);
        long length = -1;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
        }
        if (chunked) {
            skipChunks(in);
        } else if (length >= 0) {
            in.skipNBytes(length);
        } else if (!status.matches("HTTP/1.1 (204|304).*")) {
            throw new IOException("no length after " + status);
        }
        return status;
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
    long[] answers() {
        return IntStream.range(0, answers.length()).mapToLong(answers::get).toArray();
    }

    /** Whether each has got so many more than it had then: one that hangs is not made up for by the others. */
    boolean haveEach(long more, long[] before) {
        return IntStream.range(0, answers.length()).allMatch(i -> answers.get(i) >= before[i] + more);
    }

    /** What is not as it should be. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends them, each behind the answer that it waits for. */
    void stop() {
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
