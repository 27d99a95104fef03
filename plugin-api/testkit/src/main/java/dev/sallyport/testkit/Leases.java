package dev.sallyport.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the steps of one plugin share: opened by the first that leases a key, closed when the last gives it back. */
final class Leases {

    private static final class Lease {

        final AutoCloseable resource;
        int holders;

        Lease(AutoCloseable resource) {
            this.resource = resource;
        }
    }

    private final Map<Object, Lease> open = new HashMap<>();

    @SuppressWarnings("unchecked") // the one who leases a key says what it opens
    synchronized <R extends AutoCloseable> R take(Object key, Callable<R> opener) throws Exception {
        Lease lease = open.get(key);
        if (lease == null) {
            lease = new Lease(opener.call());
            open.put(key, lease);
        }
        lease.holders++;
        return (R) lease.resource;
    }

    synchronized void giveBack(Object key) throws Exception {
        Lease lease = open.get(key);
        if (lease != null && --lease.holders == 0) {
            open.remove(key);
            lease.resource.close();
        }
    }

    synchronized int open() {
        return open.size();
    }
}
