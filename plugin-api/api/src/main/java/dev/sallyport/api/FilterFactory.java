package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import org.pf4j.ExtensionPoint;

/**
 * Makes the filters of one type: the extension that a plugin jar offers. Its name stands in {@link Type}, its settings
 * are the components of the record {@code C}.
 *
 * {@snippet :
 * @Type("stamp")
 * public final class StampFactory implements FilterFactory<StampFactory.Config> {
 *
 *     public record Config(@Doc("The header to set on each response.") @Default("x-stamp") String header) {}
 *
 *     @Override
 *     public Filter create(Config config, FilterContext context) {
 *         return (request, next) -> next.proceed(request).withHeader(config.header(), context.route());
 *     }
 * }
 * }
 *
 * <ol>
 *   <li>The class is public and has a public constructor without parameters. One instance serves all steps of its type
 *       within one loaded jar.
 *   <li>{@link #create} runs once for each step of a route (or once for all steps with the same {@code share}), before
 *       any request meets it, with a time limit. Each filter that it returned is closed exactly once.
 *   <li>A filter lives on over a reload of the configuration for as long as its jar, its settings and its place stay
 *       the same.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public interface FilterFactory<C extends Record> extends ExtensionPoint {

    /**
     * Makes one filter.
     *
     * @param config the settings, bound and checked
     * @param context what the gateway lends this step; what is lent is taken back when the filter is closed
     * @return the filter; never null
     * @throws ConfigException where the settings cannot work; it names the key
     */
    Filter create(C config, FilterContext context) throws ConfigException;
}
