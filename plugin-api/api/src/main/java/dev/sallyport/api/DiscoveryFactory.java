package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import org.pf4j.ExtensionPoint;

/**
 * Makes the {@link Discovery} of one type: an extension that a plugin jar offers, configured under {@code services:}. Its
 * name stands in {@link Type}, its settings are the components of the record {@code C}.
 *
 * {@snippet :
 * @Type("acme/phone-book")
 * public final class PhoneBookFactory implements DiscoveryFactory<PhoneBookFactory.Config> {
 *
 *     public record Config(@Doc("Where the book is.") URI url) {}
 *
 *     @Override
 *     public Discovery create(Config config, ServiceContext context) {
 *         PhoneBook book = new PhoneBook(context.http(), config.url());
 *         return (query, listener) -> {
 *             while (true) {
 *                 listener.endpoints(book.lookUp(query.service()));
 *                 book.awaitChange();
 *             }
 *         };
 *     }
 * }
 * }
 *
 * <pre>{@code
 * services:
 *   - {name: book, acme/phone-book: {url: "http://book.internal:8500"}}
 * upstreams:
 *   orders: {discover: {service: {from: book, name: orders}}}
 * }</pre>
 *
 * <ol>
 *   <li>The class is public and has a public constructor without parameters. One instance serves all services of its type
 *       within one loaded jar.
 *   <li>{@link #create} runs once for each entry under {@code services:}, with a time limit; it need not reach the source.
 *       Each discovery that it returned is closed exactly once.
 *   <li>A discovery lives on over a reload of the configuration for as long as its jar, its settings and its name stay
 *       the same.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public interface DiscoveryFactory<C extends Record> extends ExtensionPoint {

    /**
     * Makes one.
     *
     * @param config the settings, bound and checked
     * @param context what the gateway lends this service; what is lent is taken back when it is closed
     * @return the discovery; never null
     * @throws ConfigException where the settings cannot work; it names the key
     */
    Discovery create(C config, ServiceContext context) throws ConfigException;
}
