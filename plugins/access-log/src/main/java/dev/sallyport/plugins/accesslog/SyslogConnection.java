package dev.sallyport.plugins.accesslog;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A connection to a server of syslog, made when it is needed. Used by one thread, but closed by another. */
final class SyslogConnection implements Closeable {

    private static final Duration MOST_CONNECTING = Duration.ofSeconds(3);

    private final HostAndPort address;
    private final @Nullable SSLContext context;
    private final @Nullable Tls tls;

    private final Object lock = new Object();
    private @Nullable Socket socket;
    private boolean closed;

    /** @param context null for a connection in clear text */
    SyslogConnection(HostAndPort address, @Nullable SSLContext context, @Nullable Tls tls) {
        this.address = address;
        this.context = context;
        this.tls = tls;
    }

    /**
     * Sends all of it.
     *
     * @throws IOException where that cannot be; nothing is connected then
     */
    void send(byte[] bytes) throws IOException {
        Socket open = connected();
        try {
            open.getOutputStream().write(bytes);
            open.getOutputStream().flush();
        } catch (IOException e) {
            disconnect();
            throw e;
        }
    }

    /** What is sent to a server that has gone is taken by the system, and lost: so it is asked for first. */
    private Socket connected() throws IOException {
        Socket before;
        synchronized (lock) {
            before = socket;
        }
        if (before != null && !hasEnded(before)) {
            return before;
        }
        disconnect();
        Socket raw = new Socket();
        taken(raw);
        try {
            raw.setTcpNoDelay(true);
            raw.setKeepAlive(true);
            raw.setSoLinger(true, 1); // without it, closing with TLS waits for a write that is stuck
            raw.setSoTimeout((int) MOST_CONNECTING.toMillis());
            raw.connect(new InetSocketAddress(address.host(), address.port()), (int) MOST_CONNECTING.toMillis());
            Socket open = context == null ? raw : secured(raw, context);
            open.setSoTimeout(1);
            taken(open);
            return open;
        } catch (IOException | RuntimeException e) {
            disconnect();
            throw e;
        }
    }

    private void taken(Socket open) throws IOException {
        synchronized (lock) {
            if (closed) {
                open.close();
                throw new IOException("closed");
            }
            socket = open;
        }
    }

    private SSLSocket secured(Socket raw, SSLContext with) throws IOException {
        String name = tls == null || tls.serverName() == null ? address.host() : tls.serverName();
        SSLSocket secured = (SSLSocket) with.getSocketFactory().createSocket(raw, name, address.port(), true);
        if (tls == null || tls.verify()) {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
        }
        secured.startHandshake();
        return secured;
    }

    /** A server of syslog says nothing, but that it goes. */
    private static boolean hasEnded(Socket open) {
        try {
            int read = open.getInputStream().read();
            while (read >= 0) {
                read = open.getInputStream().read();
            }
            return true;
        } catch (SocketTimeoutException stillThere) {
            return false;
        } catch (IOException broken) {
            return true;
        }
    }

    /** Ends the connection that there is, also while another thread writes to it; the next line makes a new one. */
    void disconnect() {
        Socket before;
        synchronized (lock) {
            before = socket;
            socket = null;
        }
        close(before);
    }

    private static void close(@Nullable Socket open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException gone) {
                // all that was wanted
            }
        }
    }

    @Override
    public void close() {
        Socket open;
        synchronized (lock) {
            closed = true;
            open = socket;
            socket = null;
        }
        close(open);
    }
}
