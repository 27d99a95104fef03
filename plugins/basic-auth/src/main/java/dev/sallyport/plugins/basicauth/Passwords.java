package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.FilterContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Finds whether passwords are right, off the threads of exchanges, and remembers for a short time which were: by a keyed
 * hash, so that no password is kept, and together with the user as he was, so that nothing is left when his password or his
 * groups have changed. Who asks for what is being found already waits for that. Thread-safe.
 */
final class Passwords {

    /** How many are remembered; the one that was used least recently is forgotten first. */
    static final int MOST_REMEMBERED = 10_000;

    /** How many different ones may be waited for. */
    static final int MOST_WAITING = 100;

    private final FilterContext context;
    private final Duration cacheFor;
    private final SecretKeySpec key;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final ConcurrentMap<ByteBuffer, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();
    private final Map<ByteBuffer, Right> right = new LinkedHashMap<>(16, 0.75f, true);

    private record Right(Users.User user, Instant until) {}

    /** More are waited for than can be found. */
    static final class BusyException extends Exception {
        private static final long serialVersionUID = 1;
    }

    Passwords(FilterContext context, Duration cacheFor) {
        this.context = context;
        this.cacheFor = cacheFor;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** The user whom a login is of; null where there is none of that name, or the password is another. */
    Users.@Nullable User find(Users users, Login.Given login) throws Exception {
        Users.User user = users.find(login.user());
        ByteBuffer mac = mac(login);
        if (user != null && isKnown(mac, user)) {
            return user;
        }
        PasswordHash hash = user != null ? user.hash() : users.decoy(login.user());
        boolean fits = check(mac, hash, login.password().getBytes(StandardCharsets.UTF_8));
        if (user == null || !fits) {
            return null;
        }
        remember(mac, user);
        return user;
    }

    /** The same, without remembering or looking it up. */
    static Users.@Nullable User foresee(Users users, Login.Given login) {
        Users.User user = users.find(login.user());
        return user != null && user.hash().matches(login.password().getBytes(StandardCharsets.UTF_8)) ? user : null;
    }

    private boolean check(ByteBuffer mac, PasswordHash hash, byte[] password) throws Exception {
        while (true) {
            CompletableFuture<Boolean> own = new CompletableFuture<>();
            CompletableFuture<Boolean> before = underWay.putIfAbsent(mac, own);
            if (before == null) {
                return check(mac, own, hash, password);
            }
            try {
                return before.get();
            } catch (ExecutionException theOtherFailed) {
                if (theOtherFailed.getCause() instanceof BusyException busy) {
                    throw busy;
                }
                // its exchange was given up, which says nothing of this one
            }
        }
    }

    private boolean check(ByteBuffer mac, CompletableFuture<Boolean> own, PasswordHash hash, byte[] password)
            throws Exception {
        boolean permitted = waiting.tryAcquire();
        try {
            if (!permitted) {
                throw new BusyException();
            }
            boolean fits = context.cpu(() -> hash.matches(password));
            own.complete(fits);
            return fits;
        } catch (Exception | Error e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(mac, own);
            if (permitted) {
                waiting.release();
            }
        }
    }

    private boolean isKnown(ByteBuffer mac, Users.User user) {
        synchronized (right) {
            Right known = right.get(mac);
            return known != null
                    && known.user().equals(user)
                    && context.clock().instant().isBefore(known.until());
        }
    }

    private void remember(ByteBuffer mac, Users.User user) {
        if (cacheFor.isZero()) {
            return;
        }
        synchronized (right) {
            right.put(mac, new Right(user, context.clock().instant().plus(cacheFor)));
            if (right.size() > MOST_REMEMBERED) {
                right.remove(right.keySet().iterator().next());
            }
        }
    }

    /** How many are remembered. */
    int remembered() {
        synchronized (right) {
            return right.size();
        }
    }

    private ByteBuffer mac(Login.Given login) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(login.user().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) ':'); // which no name contains
            return ByteBuffer.wrap(mac.doFinal(login.password().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
