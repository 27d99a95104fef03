package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ListenerConfig.ProxyProtocol;
import dev.sallyport.kernel.config.ListenerLimits;
import dev.sallyport.kernel.http.LimitHits.Limit;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which connections a listener takes: so many in all, no more than there are file descriptors for, and so many of one
 * client. The client is the peer, or behind
 * the PROXY protocol whom its header names: then the peers are proxies, and their own addresses are not counted. Over a Unix
 * socket there is no address but one that is named. Thread-safe.
 */
final class Admission {

    private final String listener;
    private final boolean named;
    private final LimitHits hits;
    private final Descriptors descriptors;
    private final AtomicInteger open = new AtomicInteger();

    /** Those that count by their address. */
    private final Map<Block, Integer> byAddress = new ConcurrentHashMap<>();

    private volatile Rules rules;

    private record Rules(ListenerLimits limits, AddressSet proxies) {}

    /** Whom a client can be at once: an IPv4 address, or a network of IPv6, of which one client has all addresses. */
    private record Block(boolean six, long bits) {

        static Block of(InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            return bytes.remaining() == 4 ? new Block(false, bytes.getInt()) : new Block(true, bytes.getLong());
        }
    }

    Admission(ListenerConfig listener, LimitHits hits, Descriptors descriptors) {
        this.listener = listener.name();
        this.named = listener.proxyProtocol() == ProxyProtocol.REQUIRED;
        this.hits = hits;
        this.descriptors = descriptors;
        rules = rules(listener);
    }

    private static Rules rules(ListenerConfig listener) {
        ListenerConfig.TrustedProxies proxies = listener.trustedProxies();
        return new Rules(listener.limits(), new AddressSet(proxies == null ? List.of() : proxies.cidrs()));
    }

    /** Those limits hold from now on; connections that are there stay. */
    void limit(ListenerConfig listener) {
        rules = rules(listener);
    }

    /** The connections that there are. */
    int connections() {
        return open.get();
    }

    /**
     * Lets a connection in.
     *
     * @param peer its other end; null over a Unix socket
     * @return null where it is one too many, and must be closed
     */
    @Nullable
    Entry enter(@Nullable InetAddress peer) {
        Entry entry = new Entry(peer == null ? "a process of this machine" : peer.getHostAddress());
        if (open.incrementAndGet() > rules.limits().connections() || !descriptors.take()) {
            open.decrementAndGet();
            hits.hit(listener, Limit.CONNECTIONS, entry.who());
            return null;
        }
        if (peer != null && !named && !entry.is(peer)) {
            entry.leave();
            return null;
        }
        return entry;
    }

    /** A connection that was let in. */
    final class Entry {

        private volatile String who;

        // Guarded by this.
        private @Nullable Block block;
        private boolean left;

        private Entry(String who) {
            this.who = who;
        }

        /** The client's address, as far as it is known. */
        String who() {
            return who;
        }

        /**
         * The client is known; at most once.
         *
         * @return false where the connection is one too many of that address, and must be closed
         */
        synchronized boolean is(InetAddress client) {
            who = client.getHostAddress();
            if (left) {
                return false;
            }
            block = Block.of(client);
            int has = byAddress.merge(block, 1, Integer::sum);
            Rules now = rules;
            Integer most = now.limits().connectionsPerAddress();
            if (most != null && has > most && !now.proxies().contains(client)) {
                hits.hit(listener, Limit.CONNECTIONS_PER_ADDRESS, who);
                return false;
            }
            return true;
        }

        /** The connection is over. Only the first call counts. */
        synchronized void leave() {
            if (left) {
                return;
            }
            left = true;
            open.decrementAndGet();
            descriptors.give();
            if (block != null) {
                byAddress.compute(block, (of, count) -> count == null || count == 1 ? null : count - 1);
            }
        }
    }
}
