package dev.sallyport.api;

/**
 * Makes the {@link AdminPages} of one type of service.
 *
 * <pre>{@code
 * services:
 *   - {name: console, console: {}}
 * }</pre>
 *
 * <p>What is said of {@link ServiceFactory} holds, and
 *
 * <ol>
 *   <li>The name of the service is where the pages begin: {@code /console/}; so it is not {@code v1}.
 *   <li>The tokens that pages have minted are good while these serve: others that take their place, for another version or other
 *       settings, begin without any.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public non-sealed interface AdminPagesFactory<C extends Record> extends ServiceFactory<C, AdminPages> {}
