package dev.sallyport.plugins.elk;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids that no other gateway makes: 64 random bits, once, and a count. Ids that begin alike take less room in an index than
 * random ones. Thread-safe.
 */
final class Ids {

    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final long random = new SecureRandom().nextLong();
    private final AtomicLong count = new AtomicLong();

    /** The next id: 22 characters of A-Z, a-z, 0-9, - and _. */
    String next() {
        ByteBuffer bytes = ByteBuffer.allocate(16).putLong(random).putLong(count.getAndIncrement());
        return TEXT.encodeToString(bytes.array());
    }
}
