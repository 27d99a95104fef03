package dev.sallyport.plugins.compress;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code compress}. */
@Doc("Compresses responses by gzip, brotli or zstd, as the client takes them.")
@Type(value = "compress", replayable = true)
public final class CompressFactory implements FilterFactory<CompressConfig> {

    @Override
    public Filter create(CompressConfig config, FilterContext context) {
        return new CompressFilter(config);
    }
}
