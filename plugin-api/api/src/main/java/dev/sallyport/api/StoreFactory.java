package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import org.pf4j.ExtensionPoint;

/**
 * Makes the {@link Store} of one type: an extension that a plugin jar offers, configured under {@code services:}. Its name
 * stands in {@link Type}, its settings are the components of the record {@code C}.
 *
 * <pre>{@code
 * services:
 *   - {name: shared, redis: {url: "redis://127.0.0.1:6379"}}
 * routes:
 *   - name: orders
 *     plugins: [{rate-limit: {limit: 100/s, store: shared}}]
 * }</pre>
 *
 * <ol>
 *   <li>The class is public and has a public constructor without parameters. One instance serves all services of its type
 *       within one loaded jar.
 *   <li>{@link #create} runs once for each entry under {@code services:}, with a time limit; it need not reach the server,
 *       and should not wait for it: while a new store has {@linkplain Store#trouble trouble} the gateway waits, for all that
 *       are new at the same time and no longer than 3 s. A store that is away at first works once it is there.
 *   <li>What a store holds is given to {@link ServiceContext#onClose}: it is closed once no step has the store any more.
 *   <li>A store lives on over a reload of the configuration for as long as its jar, its settings and its name stay the
 *       same; where it does not, the steps that use it are made anew with the new one.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public interface StoreFactory<C extends Record> extends ExtensionPoint {

    /**
     * Makes one.
     *
     * @param config the settings, bound and checked
     * @param context what the gateway lends this service; what is lent is taken back when it is closed
     * @return the store; never null
     * @throws ConfigException where the settings cannot work; it names the key
     */
    Store create(C config, ServiceContext context) throws ConfigException;
}
