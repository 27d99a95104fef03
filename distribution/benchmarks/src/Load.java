import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Sends GETs over kept connections for some seconds, and prints how many were answered with 200. */
final class Load {

    private Load() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        long seconds = Long.parseLong(arguments[2]);
        LongAdder answered = new LongAdder();
        AtomicBoolean going = new AtomicBoolean(true);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofVirtual().start(() -> run(port, going, answered)));
        }
        Thread.sleep(seconds * 1000);
        going.set(false);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(answered.sum());
    }

    private static void run(int port, AtomicBoolean going, LongAdder answered) {
        byte[] request = ("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("127.0.0.1", port);
                InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
                OutputStream out = socket.getOutputStream()) {
            socket.setTcpNoDelay(true);
            while (going.get()) {
                out.write(request);
                if (readResponse(in)) {
                    answered.increment();
                }
            }
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    /** Reads one response with a Content-Length; whether it is a 200. */
    private static boolean readResponse(InputStream in) throws IOException {
        boolean good = readLine(in).startsWith("HTTP/1.1 200");
        int length = 0;
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return good;
    }

    private static String readLine(InputStream in) throws IOException {
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
