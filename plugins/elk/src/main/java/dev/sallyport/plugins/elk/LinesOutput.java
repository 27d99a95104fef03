package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends records as lines over TCP or TLS, as Logstash's input {@code tcp} with the codec {@code json_lines} takes them, and rsyslog,
 * Vector and Fluent Bit too.
 *
 * <p>Nobody acknowledges a line. So the lines of the last batches are kept, up to {@link #KEPT_BYTES}, and sent again over the next
 * connection when one breaks: what the other end had in its buffers is not lost, and may be there twice; ids make it once in an
 * index. What broke off further back than that, or with the gateway, is lost.
 */
final class LinesOutput implements Output {

    private static final long KEPT_BYTES = 4 << 20;
    private static final int CHUNK = 16 << 10;

    private final URI url;
    private final @Nullable SSLContext tls;
    private final Duration timeout;
    private final List<Entry> kept = new ArrayList<>();
    private long keptBytes;
    private volatile @Nullable Socket socket;

    /** What is under the socket with TLS, else the same. Closing this one waits for nobody. */
    private volatile @Nullable Socket plain;

    private volatile boolean closed;

    LinesOutput(URI url, @Nullable SSLContext tls, Duration timeout) {
        this.url = url;
        this.tls = tls;
        this.timeout = timeout;
    }

    @Override
    public Outcome send(List<Entry> entries, @Nullable Doubt doubt) {
        Outcome outcome = new Outcome();
        boolean again = doubt != null;
        try {
            Socket open = socket;
            if (open != null && isGone(open)) {
                drop();
                open = null;
            }
            if (open == null) {
                try {
                    open = connect();
                } catch (IOException e) {
                    outcome.again(entries, away(e));
                    return outcome;
                }
                if (!kept.isEmpty()) {
                    write(open, kept);
                    outcome.perhapsDouble(kept.size());
                }
            }
            write(open, entries);
        } catch (IOException e) {
            drop();
            outcome.unknown(entries, away(e));
            return outcome;
        }
        keep(entries);
        outcome.arrived(entries.size());
        outcome.perhapsDouble(again ? entries.size() : 0);
        return outcome;
    }

    private void keep(List<Entry> entries) {
        for (Entry entry : entries) {
            kept.add(entry);
            keptBytes += entry.size();
        }
        int old = 0;
        while (keptBytes > KEPT_BYTES && old < kept.size()) {
            keptBytes -= kept.get(old++).size();
        }
        kept.subList(0, old).clear();
    }

    /** A peer that has closed its end is known only to who reads. */
    private static boolean isGone(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillThere) {
            return false;
        } catch (IOException gone) {
            return true;
        }
    }

    private Socket connect() throws IOException {
        boolean secure = url.getScheme().equals("tls");
        SSLSocketFactory factory =
                tls == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : tls.getSocketFactory();
        Socket under = SocketFactory.getDefault().createSocket();
        Socket connected = under;
        boolean good = false;
        plain = under; // so that close() ends what follows
        try {
            if (closed) {
                throw new IOException("closed");
            }
            under.connect(new InetSocketAddress(url.getHost(), url.getPort()), (int) timeout.toMillis());
            if (secure) {
                SSLSocket secured = (SSLSocket) factory.createSocket(under, url.getHost(), url.getPort(), true);
                connected = secured;
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secured.setSSLParameters(parameters);
                secured.setSoTimeout((int) timeout.toMillis());
                secured.startHandshake();
            }
            connected.setKeepAlive(true);
            socket = connected;
            good = true;
            return connected;
        } finally {
            if (!good) {
                under.close();
            }
        }
    }

    private void write(Socket socket, List<Entry> entries) throws IOException {
        int size = 0;
        for (Entry entry : entries) {
            size += entry.json().length + 1;
        }
        byte[] lines = new byte[size];
        int at = 0;
        for (Entry entry : entries) {
            System.arraycopy(entry.json(), 0, lines, at, entry.json().length);
            at += entry.json().length;
            lines[at++] = '\n';
        }
        OutputStream out = socket.getOutputStream();
        try (Deadline deadline = new Deadline(timeout, this::drop)) {
            for (int done = 0; done < size; done += CHUNK) {
                out.write(lines, done, Math.min(CHUNK, size - done));
                deadline.postpone();
            }
            out.flush();
        }
    }

    /** A socket of TLS would wait for whoever writes, and a receiver that hangs lets nobody write: so what is under it is closed. */
    private void drop() {
        Socket open = plain;
        socket = null;
        plain = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it is given up in any case
            }
        }
    }

    private Trouble away(Exception e) {
        Throwable why = e.getSuppressed().length > 0 ? e.getSuppressed()[0] : e; // that of the deadline says more
        return new Trouble(Trouble.Kind.AWAY, url + ": " + Texts.shortened(why.toString()));
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }
}
