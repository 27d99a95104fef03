package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.config.UpstreamConfig.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** TLS over TCP; the name of the target is verified (RFC 9110 §4.3.4). */
final class TlsWire implements Wire {

    /** The most that one TLS record carries (RFC 8446 §5.1). */
    private static final int RECORD = 16 * 1024;

    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final Target target;
    private final Tls settings;
    private final TlsContexts contexts;
    private final PlainWire plain;
    private final byte[] in = new byte[RECORD];
    private final byte[] out = new byte[RECORD];
    private @Nullable SSLSocket tls;

    /**
     * TLS over that connection.
     *
     * @param target whose certificate is asked for, unless the settings name another one
     */
    TlsWire(Target target, Tls settings, TlsContexts contexts, PlainWire plain) {
        this.target = target;
        this.settings = settings;
        this.contexts = contexts;
        this.plain = plain;
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        plain.connect(address);
    }

    @Override
    public void secure() throws IOException {
        String host = settings.serverName() == null ? target.host() : settings.serverName();
        SSLSocketFactory factory = contexts.of(settings).getSocketFactory();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain.socket(), host, target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        if (settings.verify()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!Target.isAddress(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        socket.setSSLParameters(parameters);
        tls = socket;
        socket.startHandshake();
    }

    private SSLSocket tls() throws IOException {
        SSLSocket socket = tls;
        if (socket == null) {
            throw new IOException("not connected");
        }
        return socket;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        InputStream from = tls().getInputStream();
        int read = from.read(in, 0, Math.min(in.length, to.remaining()));
        if (read > 0) {
            to.put(in, 0, read);
        }
        return read;
    }

    /** Small parts go into one record. */
    @Override
    public void write(ByteBuffer... parts) throws IOException {
        int filled = 0;
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                int count = Math.min(part.remaining(), out.length - filled);
                part.get(out, filled, count);
                filled += count;
                if (filled == out.length) {
                    tls().getOutputStream().write(out, 0, filled);
                    filled = 0;
                }
            }
        }
        if (filled > 0) {
            tls().getOutputStream().write(out, 0, filled);
        }
    }

    /**
     * Whatever has come between two requests is the message that announces an end, or worse; and many servers end an idle
     * connection without one.
     */
    @Override
    public boolean isQuiet() {
        return plain.isQuiet();
    }

    @Override
    public void shutdownOutput() throws IOException {
        tls().shutdownOutput();
    }

    /** The connection below: that of TLS would wait for whoever is blocked in it. */
    @Override
    public void close() {
        plain.close();
    }
}
