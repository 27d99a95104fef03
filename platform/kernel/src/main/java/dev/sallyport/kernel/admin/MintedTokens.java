package dev.sallyport.kernel.admin;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tokens of the admin API that pages have made for a short time. In memory alone, and there their hashes alone. Thread-safe. */
final class MintedTokens {

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST = 10_000;
    private static final int BYTES = 32;

    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Minted> byHash = new ConcurrentHashMap<>();

    private record Minted(String service, Caller caller, long endNanos) {}

    /** @param nanos a clock like {@link System#nanoTime} */
    MintedTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException where the life is none
     * @throws IllegalStateException where there are too many
     */
    String mint(String service, Caller caller, Duration life) {
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("life: " + life + " (expected: above 0, at most " + LONGEST + ")");
        }
        long now = nanos.getAsLong();
        if (byHash.size() >= MOST) {
            byHash.values().removeIf(each -> each.endNanos - now <= 0);
            if (byHash.size() >= MOST) {
                throw new IllegalStateException(MOST + " tokens are good already (expected: fewer)");
            }
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        byHash.put(key(AdminTokens.hash(token)), new Minted(service, caller, now + life.toNanos()));
        return token;
    }

    /** Whose it is; null where it is nobody's, or not good any more. */
    @Nullable
    Caller find(byte[] hash) {
        Minted minted = byHash.get(key(hash));
        return minted == null || minted.endNanos - nanos.getAsLong() <= 0 ? null : minted.caller;
    }

    /** Ends one that this service has minted. */
    void revoke(String service, String token) {
        byHash.computeIfPresent(
                key(AdminTokens.hash(token)), (hash, minted) -> minted.service.equals(service) ? null : minted);
    }

    /** Ends those that other services have minted. */
    void keep(Set<String> services) {
        byHash.values().removeIf(minted -> !services.contains(minted.service));
    }

    private static String key(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }
}
