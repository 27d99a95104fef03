package dev.sallyport.kernel.upstream;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a contract needs of an implementation: the client under test, and peers that are closed after each test. */
final class UpstreamFixture implements AutoCloseable {

    /** Makes a client of the implementation under test. */
    @FunctionalInterface
    interface Maker {
        UpstreamClient make(@Nullable SSLContext tls);
    }

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final Maker maker;
    private final ToIntFunction<UpstreamClient> inUse;
    private UpstreamClient client;

    /** @param inUse how many connections of a client have a request under way */
    UpstreamFixture(Maker maker, ToIntFunction<UpstreamClient> inUse) {
        this.maker = maker;
        this.inUse = inUse;
    }

    synchronized UpstreamClient client() {
        if (client == null) {
            client = client(null);
        }
        return client;
    }

    synchronized UpstreamClient client(@Nullable SSLContext tls) {
        UpstreamClient made = maker.make(tls);
        toClose.addFirst(made);
        return made;
    }

    /** How many connections have a request under way. */
    int inUse() {
        return inUse.applyAsInt(client());
    }

    synchronized <C extends AutoCloseable> C with(C resource) {
        toClose.add(resource);
        return resource;
    }

    Peer peer(Peer.Script script) {
        return with(new Peer(script));
    }

    Asking ask(Peer peer) {
        return ask(peer.uri());
    }

    Asking ask(URI target) {
        return new Asking(client(), target);
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable resource : toClose) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
