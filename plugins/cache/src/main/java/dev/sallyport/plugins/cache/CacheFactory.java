package dev.sallyport.plugins.cache;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Store;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.time.Clock;

/** Makes the steps of type {@code cache}. */
@Doc("Answers by what it keeps of earlier responses, as RFC 9111 has it.")
@Type(value = "cache", caches = true)
public final class CacheFactory implements FilterFactory<CacheConfig> {

    @Override
    public Filter create(CacheConfig config, FilterContext context) {
        Store store = context.store(config.store());
        Store front = config.store().equals("memory") ? null : context.store("memory");
        Vary vary = new Vary(config.vary());
        Clock clock = context.clock();
        Shelf shelf = new Shelf(store, front, context.key(), vary, config.maxVariants(), clock::millis);
        return new CacheFilter(config, shelf, vary, new Counts(context.meter()), clock::millis);
    }
}
