import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends GETs at a fixed rate, whatever the answers do, and prints percentiles of the time from when each was <em>due</em> to
 * its last byte. So a proxy that stands still is charged for all requests that would have come meanwhile, which a load
 * that waits for answers leaves out (coordinated omission).
 */
final class Paced {

    private Paced() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        int rate = Integer.parseInt(arguments[2]);
        int warmUp = Integer.parseInt(arguments[3]);
        int seconds = Integer.parseInt(arguments[4]);
        int each = rate * (warmUp + seconds) / connections;
        int counted = rate * seconds / connections;
        long[] nanos = new long[counted * connections];
        AtomicInteger at = new AtomicInteger();
        Thread[] threads = new Thread[connections];
        long begin = System.nanoTime() + 200_000_000;
        for (int i = 0; i < connections; i++) {
            long first = begin + i * 1_000_000_000L / rate;
            threads[i] = Thread.ofVirtual().start(() -> {
                try {
                    run(port, first, 1_000_000_000L * connections / rate, each, each - counted, nanos, at);
                } catch (IOException e) {
                    System.err.println(e);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        int count = at.get();
        Arrays.sort(nanos, 0, count);
        System.out.printf(
                "%d of %d answered; p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, most %.1f ms%n",
                count,
                nanos.length,
                nanos[count / 2] / 1e6,
                nanos[(int) (count * 0.99)] / 1e6,
                nanos[(int) (count * 0.999)] / 1e6,
                nanos[count - 1] / 1e6);
    }

    private static void run(int port, long first, long pause, int times, int notCounted, long[] nanos, AtomicInteger at)
            throws IOException {
        byte[] request = ("GET /small HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nx-api-key: test\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("127.0.0.1", port);
                InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
                OutputStream out = socket.getOutputStream()) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < times; i++) {
                long due = first + i * pause;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(request);
                if (read(in) && i >= notCounted) {
                    nanos[at.getAndIncrement()] = System.nanoTime() - due;
                }
            }
        }
    }

    /** Reads one answer, with a length or in chunks; whether it is a 200. */
    private static boolean read(InputStream in) throws IOException {
        boolean good = line(in).contains(" 200");
        int length = 0;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
            chunked |= line.regionMatches(true, 0, "transfer-encoding:", 0, 18);
        }
        in.skipNBytes(length);
        for (int size = chunked ? Integer.parseInt(line(in), 16) : 0; size > 0; size = Integer.parseInt(line(in), 16)) {
            in.skipNBytes(size + 2);
        }
        if (chunked) {
            line(in);
        }
        return good;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
