package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings for tests: what is not said is what stands in the configuration where nothing is. */
final class Limits {

    private final Rate limit;
    private final List<Expression> by = new ArrayList<>();
    private Long burst;
    private Algorithm algorithm = Algorithm.TOKEN_BUCKET;
    private final List<RateLimitConfig.Further> also = new ArrayList<>();
    private RateLimitConfig.Quota quota;
    private final Map<String, RateLimitConfig.Tier> tiers = new LinkedHashMap<>();
    private final List<Expression> tierBy = new ArrayList<>();
    private long cost = 1;
    private String costHeader;
    private Duration delay;
    private String store = "memory";
    private Percent lease;
    private WhenAway whenAway = WhenAway.LOCAL;
    private Percent localShare = new Percent(100);
    private boolean hideFields;
    private boolean legacyFields;

    private Limits(String limit) {
        this.limit = Rate.parse(limit);
    }

    static Limits of(String limit) {
        return new Limits(limit);
    }

    Limits by(String... expressions) {
        List.of(expressions).forEach(expression -> by.add(Expression.parse(expression)));
        return this;
    }

    Limits burst(long tokens) {
        burst = tokens;
        return this;
    }

    Limits algorithm(Algorithm newAlgorithm) {
        algorithm = newAlgorithm;
        return this;
    }

    Limits also(String further) {
        also.add(new RateLimitConfig.Further(Rate.parse(further), null, Algorithm.TOKEN_BUCKET));
        return this;
    }

    Limits quota(Long day, Long month, String zone) {
        quota = new RateLimitConfig.Quota(day, month, zone);
        return this;
    }

    Limits tier(String name, String tierLimit) {
        tiers.put(name, new RateLimitConfig.Tier(Rate.parse(tierLimit), null, List.of(), null));
        return this;
    }

    Limits tierBy(String expression) {
        tierBy.add(Expression.parse(expression));
        return this;
    }

    Limits cost(long newCost) {
        cost = newCost;
        return this;
    }

    Limits costHeader(String name) {
        costHeader = name;
        return this;
    }

    Limits delay(String time) {
        delay = Duration.parse(time);
        return this;
    }

    Limits store(String name) {
        store = name;
        return this;
    }

    Limits lease(double percent) {
        lease = new Percent(percent);
        return this;
    }

    Limits whenAway(WhenAway what) {
        whenAway = what;
        return this;
    }

    Limits localShare(double percent) {
        localShare = new Percent(percent);
        return this;
    }

    Limits hideFields() {
        hideFields = true;
        return this;
    }

    Limits legacyFields() {
        legacyFields = true;
        return this;
    }

    RateLimitConfig build() {
        return new RateLimitConfig(
                limit,
                by,
                burst,
                algorithm,
                also,
                quota,
                tiers,
                tierBy,
                cost,
                costHeader,
                delay,
                store,
                lease,
                whenAway,
                localShare,
                hideFields,
                legacyFields);
    }
}
