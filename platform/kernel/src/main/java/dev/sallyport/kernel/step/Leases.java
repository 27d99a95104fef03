package dev.sallyport.kernel.step;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What the steps of one loaded plugin share: opened by the first lease of a key, closed with the last one given back.
 * Thread-safe.
 */
public final class Leases {

    private static final System.Logger LOG = System.getLogger("plugin");

    private final Map<Object, Lease> leases = new HashMap<>();

    private static final class Lease {
        private final AutoCloseable resource;
        private int holders;

        Lease(AutoCloseable resource) {
            this.resource = resource;
        }
    }

    synchronized AutoCloseable take(Object key, Callable<? extends AutoCloseable> opener) throws Exception {
        Lease lease = leases.get(key);
        if (lease == null) {
            lease = new Lease(opener.call());
            leases.put(key, lease);
        }
        lease.holders++;
        return lease.resource;
    }

    synchronized boolean isEmpty() {
        return leases.isEmpty();
    }

    void giveBack(Object key) {
        Lease last = null;
        synchronized (this) {
            Lease lease = leases.get(key);
            if (lease != null && --lease.holders == 0) {
                leases.remove(key);
                last = lease;
            }
        }
        if (last != null) {
            try {
                last.resource.close();
            } catch (Exception e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "closing a lent {0}: {1}",
                        last.resource.getClass().getSimpleName(),
                        e.toString());
            }
        }
    }
}
