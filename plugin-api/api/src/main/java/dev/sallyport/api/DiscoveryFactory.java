package dev.sallyport.api;

/**
 * Makes the {@link Discovery} of one type of service.
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
 * <p>Each discovery that was made is closed exactly once. What is said of {@link ServiceFactory} holds too.
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public non-sealed interface DiscoveryFactory<C extends Record> extends ServiceFactory<C, Discovery> {}
