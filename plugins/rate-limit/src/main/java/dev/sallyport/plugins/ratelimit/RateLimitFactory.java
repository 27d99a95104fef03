package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Store;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Rate;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the steps of type {@code rate-limit}. */
@Doc("Limits how many requests pass in a time, or run at once; those beyond it are answered 429.")
@Type(value = "rate-limit", replayable = true, limits = true)
public final class RateLimitFactory implements FilterFactory<RateLimitConfig> {

    @Override
    public Filter create(RateLimitConfig config, FilterContext context) {
        return create(config, context, context.monitored() ? time -> {} : Thread::sleep);
    }

    static Filter create(RateLimitConfig config, FilterContext context, RateLimitFilter.Pause pause) {
        Store store = context.store(config.store());
        Store local = context.store("memory");
        BucketKey key = new BucketKey(context.key(), config.by());
        Refusal refusal = new Refusal(context.meter()
                .counterBuilder("sallyport.rate_limit.refused")
                .setDescription("Requests that were answered 429.")
                .build());
        LongCounter degraded = context.meter()
                .counterBuilder("sallyport.rate_limit.degraded")
                .setDescription("Requests that were judged without the store, since it was away.")
                .build();
        if (config.algorithm() == Algorithm.CONCURRENT) {
            return concurrent(config, context, store, local, key, refusal, degraded);
        }
        Tiers<Policies> tiers = tiers(
                config,
                Policies.of(
                        context.step(),
                        config.limit(),
                        config.burst(),
                        config.algorithm(),
                        config.delay(),
                        config.also(),
                        config.quota()),
                tier -> Policies.of(
                        context.step(),
                        tier.limit(),
                        tier.burst(),
                        config.algorithm(),
                        config.delay(),
                        tier.also(),
                        tier.quota()));
        Tiers<Policies> localTiers = new Tiers<>(
                tiers.usual().part(config.localShare()),
                tiers.tiers().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, tier -> tier.getValue().part(config.localShare()))),
                tiers.by());
        return new RateLimitFilter(
                config,
                context.clock(),
                store,
                counter(config, context, store),
                local,
                tiers,
                localTiers,
                key,
                refusal,
                degraded,
                pause);
    }

    private static <L> Tiers<L> tiers(RateLimitConfig config, L usual, Function<RateLimitConfig.Tier, L> own) {
        return new Tiers<>(
                usual,
                config.tiers().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, tier -> own.apply(tier.getValue()))),
                config.tellsTier());
    }

    private static Counter counter(RateLimitConfig config, FilterContext context, Store store) {
        if (config.lease() == null) {
            return (key, limits, smallest, cost) -> store.take(key, limits, cost);
        }
        Clock clock = context.clock();
        LeasedCounter leased = new LeasedCounter(
                store, config.lease(), () -> ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant()));
        var _ = context.scheduler().scheduleWithFixedDelay(leased::tidy, 1, 1, TimeUnit.SECONDS);
        return leased;
    }

    private static Filter concurrent(
            RateLimitConfig config,
            FilterContext context,
            Store store,
            Store local,
            BucketKey key,
            Refusal refusal,
            LongCounter degraded) {
        Tiers<Rate> tiers = tiers(config, config.limit(), RateLimitConfig.Tier::limit);
        ConcurrentFilter filter = new ConcurrentFilter(
                config, context.step(), store, local, tiers, key, refusal, degraded, context.threads());
        long shortest = tiers.tiers().values().stream()
                .mapToLong(limit -> limit.per().toMillis())
                .reduce(config.limit().per().toMillis(), Math::min);
        var _ = context.scheduler()
                .scheduleWithFixedDelay(filter::stay, shortest / 3 + 1, shortest / 3 + 1, TimeUnit.MILLISECONDS);
        return filter;
    }
}
