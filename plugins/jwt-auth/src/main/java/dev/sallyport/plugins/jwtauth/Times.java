package dev.sallyport.plugins.jwtauth;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a token holds (RFC 7519 §4.1.4 to 6), in seconds since 1970.
 *
 * @param from the later one of {@code nbf} and {@code iat}
 * @param until {@code exp}; not a number where it does not say
 */
record Times(double from, double until) {

    static final Verdict.Refused ENDLESS = new Verdict.Refused("The token does not say when it expires.");
    static final Verdict.Refused EXPIRED = new Verdict.Refused("The token has expired.");
    static final Verdict.Refused EARLY = new Verdict.Refused("The token is not valid yet.");

    static Times of(Map<String, ?> claims) {
        double until = claims.get("exp") instanceof Number expires && Double.isFinite(expires.doubleValue())
                ? expires.doubleValue()
                : Double.NaN;
        return new Times(Math.max(from(claims.get("nbf")), from(claims.get("iat"))), until);
    }

    /** Why the token does not hold now; null where it does. */
    Verdict.@Nullable Refused refuse(Clock clock, Duration skew) {
        if (Double.isNaN(until)) {
            return ENDLESS;
        }
        double now = clock.millis() / 1000.0;
        double leeway = skew.toMillis() / 1000.0;
        if (now - leeway >= until) {
            return EXPIRED;
        }
        return from > now + leeway ? EARLY : null;
    }

    /** What is no number is never reached. */
    private static double from(@Nullable Object time) {
        return switch (time) {
            case null -> Double.NEGATIVE_INFINITY;
            case Number number when !Double.isNaN(number.doubleValue()) -> number.doubleValue();
            default -> Double.POSITIVE_INFINITY;
        };
    }
}
