package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.StoreName;
import dev.sallyport.api.config.TellsApart;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of one limit. */
public record RateLimitConfig(
        @Doc("How many requests pass in a time: 100/s, 5/10s, 1000/m. With concurrent: how many run at the same"
                + " time, and how long a gateway that died keeps its part of them.")
        Rate limit,

        @Doc("What each count is for, such as client.address or consumer; of several, each combination. Without it, all"
                + " callers share one.")
        @TellsApart
        @Shorthand
        List<Expression> by,

        @Doc("With token-bucket: how many requests may come at once after a pause; by default as many as the"
                + " limit's amount.")
        @Min(1)
        @Max(RateLimitConfig.MOST)
        @Nullable
        Long burst,

        @Doc("How it counts.") @Default("token-bucket") Algorithm algorithm,

        @Doc("Further limits for the same callers: a request passes where all of them let it, and counts in all or"
                + " in none.")
        List<Further> also,

        @Doc("How many requests pass in a day and in a month of the calendar, besides.") @Nullable
        Quota quota,

        @Doc("Other limits for some callers, by the value of tierBy: in the place of limit, burst, also and quota.")
        Map<String, Tier> tiers,

        @Doc("What tells the tier: the first of these whose value stands in tiers. By default consumer, then"
                + " consumer.tier.")
        List<Expression> tierBy,

        @Doc("How much a request counts.") @Default("1") @Min(1) @Max(RateLimitConfig.MOST)
        long cost,

        @Doc("A header field of the response that says how much its request counts; what that is beyond cost is charged"
                + " afterwards.")
        @Nullable
        String costHeader,

        @Doc("With token-bucket: how long a request beyond the limit may wait for its turn before it is refused.")
        @Min(1)
        @Max(60_000)
        @Nullable
        Duration delay,

        @Doc("Where it counts: memory, or the name of a service that several gateways share.")
        @Default("memory")
        @StoreName
        String store,

        @Doc("How much of the limit a gateway takes from the store at once, to give out by itself; without it, each"
                + " request asks the store.")
        @Nullable
        Percent lease,

        @Doc("What to do while the store is away.") @Default("local")
        WhenAway whenAway,

        @Doc("How much of the limit this gateway gives out by itself while the store is away.") @Default("100%")
        Percent localShare,

        @Doc("Leaves the fields RateLimit and RateLimit-Policy out of the responses.")
        boolean hideFields,

        @Doc("Adds the fields X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset to the responses.")
        boolean legacyFields) {

    static final long MOST = 999_999_999_999_999L;

    /** More would take more memory for one caller than anybody expects. */
    private static final long LONGEST_LOG = 10_000;

    /**
     * A further limit.
     *
     * @param burst as the one above
     */
    public record Further(
            @Doc("How many requests pass in a time.") @Shorthand
            Rate limit,

            @Doc("With token-bucket: how many may come at once.") @Min(1) @Max(MOST) @Nullable
            Long burst,

            @Doc("How it counts; not concurrent.") @Default("token-bucket")
            Algorithm algorithm) {

        /** Checks what one key says against the others. */
        public Further {
            check(limit, burst, algorithm);
            if (algorithm == Algorithm.CONCURRENT) {
                throw new ConfigException(
                        "algorithm",
                        "concurrent (expected: a step of its own); put another rate-limit beside this one");
            }
        }
    }

    /** Quotas of the calendar. */
    public record Quota(
            @Doc("How many requests pass in a day.") @Min(1) @Max(MOST) @Nullable
            Long day,

            @Doc("How many requests pass in a month.") @Min(1) @Max(MOST) @Nullable
            Long month,

            @Doc("In which days and months begin, such as Europe/Berlin.") @Default("UTC")
            String timeZone) {

        /** Checks what one key says against the others. */
        public Quota {
            if (day == null && month == null) {
                throw new ConfigException("day", "missing (expected: day, month or both); add one");
            }
            try {
                ZoneId.of(timeZone);
            } catch (DateTimeException e) {
                throw new ConfigException("timeZone", timeZone + " (expected: a time zone such as Europe/Berlin)");
            }
        }
    }

    /** The limits of some callers. */
    public record Tier(
            @Doc("How many requests pass in a time.") @Shorthand
            Rate limit,

            @Doc("How many may come at once.") @Min(1) @Max(MOST) @Nullable
            Long burst,

            @Doc("Further limits.") List<Further> also,

            @Doc("Quotas of the calendar.") @Nullable Quota quota) {}

    /** Checks what one key says against the others. */
    public RateLimitConfig {
        check(limit, burst, algorithm);
        for (Map.Entry<String, Tier> tier : tiers.entrySet()) {
            String key = "tiers." + tier.getKey();
            try {
                check(tier.getValue().limit(), tier.getValue().burst(), algorithm);
            } catch (ConfigException e) {
                throw new ConfigException(key + "." + e.key(), e.reason());
            }
            if (algorithm == Algorithm.CONCURRENT) {
                refuseWithConcurrent(!tier.getValue().also().isEmpty(), key + ".also");
                refuseWithConcurrent(tier.getValue().quota() != null, key + ".quota");
            }
        }
        if (algorithm == Algorithm.CONCURRENT) {
            refuseWithConcurrent(!also.isEmpty(), "also");
            refuseWithConcurrent(quota != null, "quota");
            refuseWithConcurrent(cost != 1, "cost");
            refuseWithConcurrent(costHeader != null, "costHeader");
            refuseWithConcurrent(lease != null, "lease");
        }
        if (algorithm != Algorithm.CONCURRENT && cost > (burst == null ? limit.amount() : burst)) {
            throw new ConfigException(
                    "cost", cost + " (expected: no more than limit or burst, else nothing ever passes)");
        }
        if (delay != null && algorithm != Algorithm.TOKEN_BUCKET) {
            throw new ConfigException(
                    "delay", "with another algorithm (expected: token-bucket); remove one of the two");
        }
        if (delay != null && lease != null) {
            throw new ConfigException("delay", "beside lease (expected: one of the two); remove one");
        }
        if (lease != null && store.equals("memory")) {
            throw new ConfigException(
                    "lease", lease + " (expected: a store that is shared); remove it, or name the store");
        }
        if (!tierBy.isEmpty() && tiers.isEmpty()) {
            throw new ConfigException("tierBy", "without tiers (expected: tiers beside it); add them");
        }
    }

    private static void check(Rate limit, @Nullable Long burst, Algorithm algorithm) {
        if (burst != null && algorithm != Algorithm.TOKEN_BUCKET) {
            throw new ConfigException("burst", burst + " (expected: with token-bucket only); remove it");
        }
        if (algorithm == Algorithm.SLIDING_LOG && limit.amount() > LONGEST_LOG) {
            throw new ConfigException(
                    "limit",
                    limit + " (expected: " + LONGEST_LOG + " or fewer with sliding-log, which remembers each);"
                            + " take sliding-window");
        }
        if (algorithm != Algorithm.TOKEN_BUCKET && limit.per().toDays() > 366) {
            throw new ConfigException("limit", limit + " (expected: a window of a year or less)");
        }
    }

    private static void refuseWithConcurrent(boolean given, String key) {
        if (given) {
            throw new ConfigException(key, "with concurrent (expected: another algorithm); remove it");
        }
    }

    /** What tells the tier. */
    List<Expression> tellsTier() {
        return tierBy.isEmpty() ? List.of(Expression.parse("consumer"), Expression.parse("consumer.tier")) : tierBy;
    }
}
