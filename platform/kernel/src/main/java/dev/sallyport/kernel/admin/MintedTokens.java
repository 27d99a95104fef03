package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.config.GatewayConfig.Role;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
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

    /**
     * One of them.
     *
     * @param owner the pages that made it: they alone, and not others that come to have their name
     * @param ground the token that it rests on, by its hash; null for none
     */
    private record Minted(
            Object owner, Caller caller, @Nullable String ground, long endNanos) {}

    /** @param nanos a clock like {@link System#nanoTime} */
    MintedTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Makes one.
     *
     * @param owner the pages that have it made
     * @param ground the hash of a token without which it is nothing, in hex; null for none
     * @throws IllegalArgumentException where the life is none
     * @throws IllegalStateException where there are too many
     */
    String mint(Object owner, Caller caller, @Nullable String ground, Duration life) {
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
        byHash.put(key(AdminTokens.hash(token)), new Minted(owner, caller, ground, now + life.toNanos()));
        return token;
    }

    /**
     * Whose it is; null where it is nobody's, or not good any more.
     *
     * @param lasting whose a token is that lasts, by its hash: one that is a ground gives no more than it has itself
     */
    @Nullable
    Caller find(byte[] hash, Function<String, @Nullable Caller> lasting) {
        Minted minted = byHash.get(key(hash));
        if (minted == null || minted.endNanos - nanos.getAsLong() <= 0) {
            return null;
        }
        if (minted.ground == null) {
            return minted.caller;
        }
        Caller ground = lasting.apply(minted.ground);
        if (ground == null) {
            return null;
        }
        Role least = ground.may(minted.caller.role()) ? minted.caller.role() : ground.role();
        return new Caller(minted.caller.name(), least);
    }

    /** Ends one that these pages have minted. */
    void revoke(Object owner, String token) {
        byHash.computeIfPresent(
                key(AdminTokens.hash(token)), (hash, minted) -> minted.owner.equals(owner) ? null : minted);
    }

    /** Ends those that others than these have minted. */
    void keep(Collection<?> owners) {
        byHash.values().removeIf(minted -> !owners.contains(minted.owner));
    }

    private static String key(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }
}
