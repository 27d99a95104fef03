package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.GatewayConfig;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Chooses request ids: the caller's where it is believed and can go into a log, else a new UUIDv7. */
final class RequestIds {

    private static final int LONGEST = 128;

    private RequestIds() {}

    /** @param trusted whether the request came from a trusted proxy */
    static String choose(GatewayConfig.RequestId config, Headers headers, boolean trusted) {
        String kept = kept(config, headers, trusted);
        return kept != null ? kept : next().toString();
    }

    /** The caller's id where it is kept; else null. */
    static @Nullable String kept(GatewayConfig.RequestId config, Headers headers, boolean trusted) {
        boolean believed = switch (config.inbound()) {
            case ALWAYS -> true;
            case TRUSTED -> trusted;
            case NEVER -> false;
        };
        String given = believed ? headers.get(config.header()) : null;
        return given != null && isFit(given) ? given : null;
    }

    private static boolean isFit(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST
                && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
    }

    /** A UUID of version 7 (RFC 9562 §5.7): milliseconds, then random bits. Ids are names, not secrets. */
    static UUID next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (System.currentTimeMillis() << 16) | 0x7000 | (random.nextInt() & 0xfff);
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
