package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code rate-limit}. */
@Doc("Limits how many requests pass in a time; those beyond it are answered 429.")
@Type(value = "rate-limit", replayable = true, limits = true)
public final class RateLimitFactory implements FilterFactory<RateLimitConfig> {

    @Override
    public Filter create(RateLimitConfig config, FilterContext context) {
        return new RateLimitFilter(
                config,
                context.step(),
                context.store(config.store()),
                new BucketKey(context.key(), config.by()),
                new Fields(context.step(), config.limit(), config.capacity()),
                context.meter()
                        .counterBuilder("sallyport.rate_limit.refused")
                        .setDescription("Requests that were answered 429.")
                        .build());
    }
}
