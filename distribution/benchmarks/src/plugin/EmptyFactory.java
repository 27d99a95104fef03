package bench;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;

/** A step that passes every request on. */
@Type("bench/empty")
public final class EmptyFactory implements FilterFactory<EmptyFactory.Config> {

    public record Config() {}

    @Override
    public Filter create(Config config, FilterContext context) {
        return (request, next) -> next.proceed(request);
    }
}
