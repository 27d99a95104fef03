package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Limit;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Rate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All limits of a caller, counted together. Immutable. */
final class Policies {

    private final List<Policy> all;
    private final @Nullable List<Limit> always;
    private final Fields fields;

    private Policies(List<Policy> all) {
        this.all = all;
        fields = new Fields(all);
        boolean timeless =
                all.stream().allMatch(policy -> policy instanceof Policy.Bucket || policy instanceof Policy.Sliding);
        always = timeless ? at(Instant.EPOCH) : null;
    }

    /** @param name what the first is told as; the others are told by it, too */
    static Policies of(
            String name,
            Rate limit,
            @Nullable Long burst,
            Algorithm algorithm,
            @Nullable Duration delay,
            List<RateLimitConfig.Further> also,
            RateLimitConfig.@Nullable Quota quota) {
        List<Policy> all = new ArrayList<>();
        all.add(policy(name, limit, burst, algorithm, delay));
        for (RateLimitConfig.Further further : also) {
            all.add(policy(name + "-" + (all.size() + 1), further.limit(), further.burst(), further.algorithm(), null));
        }
        if (quota != null) {
            ZoneId zone = ZoneId.of(quota.timeZone());
            if (quota.day() != null) {
                all.add(new Policy.Calendar(name + "-day", quota.day(), ChronoUnit.DAYS, zone));
            }
            if (quota.month() != null) {
                all.add(new Policy.Calendar(name + "-month", quota.month(), ChronoUnit.MONTHS, zone));
            }
        }
        return new Policies(List.copyOf(all));
    }

    private static Policy policy(
            String name, Rate limit, @Nullable Long burst, Algorithm algorithm, @Nullable Duration delay) {
        return switch (algorithm) {
            case TOKEN_BUCKET ->
                new Policy.Bucket(
                        name, limit, burst == null ? limit.amount() : burst, delay == null ? 0 : perTime(limit, delay));
            case SLIDING_WINDOW -> new Policy.Sliding(name, limit, false);
            case SLIDING_LOG -> new Policy.Sliding(name, limit, true);
            case FIXED_WINDOW -> new Policy.Fixed(name, limit);
            case CONCURRENT -> throw new IllegalArgumentException("concurrent counts nothing that passes");
        };
    }

    private static long perTime(Rate rate, Duration time) {
        return (long) ((double) rate.amount() * time.toNanos() / rate.per().toNanos());
    }

    /** The same with a part of what each has to give. */
    Policies part(Percent share) {
        return new Policies(all.stream().map(policy -> policy.part(share)).toList());
    }

    /** How they count now. */
    List<Limit> at(Clock clock) {
        return always != null ? always : at(clock.instant());
    }

    private List<Limit> at(Instant now) {
        return all.stream().map(policy -> policy.at(now)).toList();
    }

    List<Policy> all() {
        return all;
    }

    /** How they are told. */
    Fields fields() {
        return fields;
    }

    /** The least that any of them has to give. */
    long smallest() {
        return all.stream().mapToLong(Policy::quota).min().orElseThrow();
    }
}
