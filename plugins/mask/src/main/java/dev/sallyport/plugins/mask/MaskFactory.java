package dev.sallyport.plugins.mask;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code mask}. */
@Doc("Hides data in requests, responses and logs: fields, header fields, parameters, and what looks like a card, an"
        + " address, …")
@Type(value = "mask", replayable = true, provides = "log-mask")
public final class MaskFactory implements FilterFactory<MaskConfig> {

    @Override
    public Filter create(MaskConfig config, FilterContext context) {
        return new MaskFilter(
                config,
                context.meter()
                        .counterBuilder("sallyport.mask.hidden")
                        .setDescription("Values that were hidden")
                        .build());
    }
}
