import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends GETs at a fixed rate, whatever the answers do, and prints percentiles of the time from when each was <em>due</em> to
 * its last byte. So a proxy that stands still is charged for all requests that would have come meanwhile, which a load
 * that waits for answers leaves out (coordinated omission).
 *
 * <p>One thread does it all, and makes no objects: with a thread for each connection, the client's own compilers and
 * collections were most of the tail that it measured. It is the target too, where it is told so, and never sleeps then: two
 * processes on one processor keep each other waiting for longer than most proxies do.
 */
final class Paced {

    private static final int LARGEST = 256 * 1024;
    private static final long NAP = 50_000;
    private static final int ANSWER = 134;

    private final Line[] lines;
    private final boolean isTarget;
    private final Selector selector = Selector.open();
    private final long begin = System.nanoTime() + 200_000_000;
    private final double pause;
    private final long[] nanos;
    private int answered;
    private int refused;

    /** What there is to do when a channel is ready. */
    private interface Ready {
        void ready() throws IOException;
    }

    private Paced(int port, int connections, int rate, int total, int targetPort) throws IOException {
        pause = 1e9 / rate;
        isTarget = targetPort > 0;
        if (isTarget) {
            serve(targetPort);
        }
        nanos = new long[total];
        lines = new Line[connections];
        for (int i = 0; i < connections; i++) {
            lines[i] = new Line(port);
        }
    }

    /** Port, connections, requests a second, seconds that do not count, seconds that do; the port to be a target at. */
    public static void main(String[] arguments) throws Exception {
        int rate = Integer.parseInt(arguments[2]);
        int notCounted = rate * Integer.parseInt(arguments[3]);
        int total = notCounted + rate * Integer.parseInt(arguments[4]);
        int targetPort = arguments.length > 5 ? Integer.parseInt(arguments[5]) : 0;
        Paced paced =
                new Paced(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), rate, total, targetPort);
        paced.run();

        long[] counted = Arrays.copyOfRange(paced.nanos, notCounted, total);
        Arrays.sort(counted);
        System.out.printf(
                "%d of %d answered; p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, most %.1f ms%n",
                total - paced.refused,
                total,
                at(counted, 0.5),
                at(counted, 0.99),
                at(counted, 0.999),
                counted[counted.length - 1] / 1e6);
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) (sorted.length * share)] / 1e6;
    }

    private long due(int request) {
        return begin + (long) (request * pause);
    }

    private void run() throws IOException {
        int next = 0;
        while (answered < nanos.length) {
            for (long now = System.nanoTime(); next < nanos.length && due(next) <= now; next++) {
                lines[next % lines.length].send(next);
            }
            if (selector.selectNow() > 0) {
                for (SelectionKey key : selector.selectedKeys()) {
                    ((Ready) key.attachment()).ready();
                }
                selector.selectedKeys().clear();
            } else if (isTarget) {
                Thread.onSpinWait();
            } else {
                // Not until it is due: to sleep less than that leaves the processor to the target.
                LockSupport.parkNanos(NAP);
            }
        }
    }

    private void serve(int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, (Ready) () -> new Served(server.accept()));
    }

    /** A connection of the proxy to the target. */
    private final class Served implements Ready {

        private static final int END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

        private final SocketChannel channel;
        private final ByteBuffer request = ByteBuffer.allocateDirect(16 * 1024);
        private final ByteBuffer answer;

        Served(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            byte[] bytes = ("HTTP/1.1 200 OK\r\nServer: target\r\nContent-Type: text/plain\r\nContent-Length: " + ANSWER
                            + "\r\n\r\n" + "x".repeat(ANSWER))
                    .getBytes(StandardCharsets.US_ASCII);
            answer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        }

        /** Requests have no body, and one comes after the answer to the other. */
        @Override
        public void ready() throws IOException {
            if (channel.read(request) < 0) {
                channel.close();
            } else if (request.position() >= 4 && request.getInt(request.position() - 4) == END) {
                request.clear();
                channel.write(answer.rewind());
            }
        }
    }

    /** A connection, and the requests that wait until it is free. */
    private final class Line implements Ready {

        private static final int FREE = -1;

        private final SocketChannel channel;
        private final ByteBuffer request;
        private final ByteBuffer answer = ByteBuffer.allocate(LARGEST);
        private final Deque<Integer> waiting = new ArrayDeque<>();
        private int current = FREE;

        Line(int port) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            byte[] bytes = ("GET /small HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nx-api-key: test\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            request = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        }

        void send(int number) throws IOException {
            if (current != FREE) {
                waiting.add(number);
                return;
            }
            current = number;
            channel.write(request.rewind());
        }

        @Override
        public void ready() throws IOException {
            if (channel.read(answer) < 0) {
                throw new EOFException("the connection was closed");
            }
            if (current == FREE || !isWhole()) {
                return;
            }
            nanos[current] = System.nanoTime() - due(current);
            answered++;
            refused += answer.get(9) == '2' ? 0 : 1;
            answer.clear();
            current = FREE;
            Integer next = waiting.poll();
            if (next != null) {
                send(next);
            }
        }

        /** Whether all of an answer has come, with a length or in chunks. */
        private boolean isWhole() {
            int end = indexOf("\r\n\r\n", 0);
            if (end < 0) {
                return false;
            }
            int field = indexOf("content-length:", 0);
            if (field < 0 || field > end) {
                return indexOf("\r\n0\r\n\r\n", end) >= 0;
            }
            int length = 0;
            for (int i = field + "content-length:".length(); answer.get(i) != '\r'; i++) {
                length = answer.get(i) == ' ' ? length : length * 10 + answer.get(i) - '0';
            }
            return answer.position() >= end + 4 + length;
        }

        /** @param text in lower case */
        private int indexOf(String text, int from) {
            int last = answer.position() - text.length();
            for (int i = from; i <= last; i++) {
                int matched = 0;
                while (matched < text.length() && lower(answer.get(i + matched)) == text.charAt(matched)) {
                    matched++;
                }
                if (matched == text.length()) {
                    return i;
                }
            }
            return -1;
        }

        private static int lower(byte b) {
            return b >= 'A' && b <= 'Z' ? b + 32 : b;
        }
    }
}
