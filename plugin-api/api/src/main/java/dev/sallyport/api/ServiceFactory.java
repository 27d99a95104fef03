package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import org.pf4j.ExtensionPoint;

/**
 * Makes the services of one type: extensions that are not steps, configured under {@code services:}. Its name stands in
 * {@link Type}, its settings are the components of the record {@code C}. What kinds of services there are is for the gateway to
 * say, so implement the interface of one kind.
 *
 * <ol>
 *   <li>The class is public and has a public constructor without parameters. One instance serves all services of its type
 *       within one loaded jar.
 *   <li>{@link #create} runs once for each entry under {@code services:}, with a time limit; it need not reach what is behind
 *       the service.
 *   <li>A service lives on over a reload of the configuration for as long as its jar, its settings and its name stay the
 *       same.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 * @param <S> what it makes
 */
public sealed interface ServiceFactory<C extends Record, S> extends ExtensionPoint
        permits AdminPagesFactory, DiscoveryFactory, ExporterFactory, SecretSourceFactory, StoreFactory {

    /**
     * Makes one.
     *
     * @param config the settings, bound and checked
     * @param context what the gateway lends this service; what is lent is taken back when it is closed
     * @return the service; never null
     * @throws ConfigException where the settings cannot work; it names the key
     */
    S create(C config, ServiceContext context) throws ConfigException;
}
