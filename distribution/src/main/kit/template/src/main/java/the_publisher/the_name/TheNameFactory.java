package the_publisher.the_name;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code the-publisher/the-name}: one for each place in the configuration where it stands. */
@Doc("Sets a header field on each response.")
@Type("the-publisher/the-name")
public final class TheNameFactory implements FilterFactory<TheNameConfig> {

    @Override
    public Filter create(TheNameConfig config, FilterContext context) {
        return new TheNameFilter(config);
    }
}
