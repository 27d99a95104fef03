package dev.sallyport.api;

/**
 * Makes the {@link Store} of one type of service.
 *
 * <pre>{@code
 * services:
 *   - {name: shared, redis: {url: "redis://127.0.0.1:6379"}}
 * routes:
 *   - name: orders
 *     plugins: [{rate-limit: {limit: 100/s, store: shared}}]
 * }</pre>
 *
 * <p>What is said of {@link ServiceFactory} holds, and
 *
 * <ol>
 *   <li>While a new store has {@linkplain Store#trouble trouble} the gateway waits, for all that are new at the same time and no
 *       longer than 3 s: so making one need not wait. A store that is away at first works once it is there.
 *   <li>What a store holds is given to {@link ServiceContext#onClose}: it is closed once no step has the store any more.
 *   <li>Where another store takes its place, the steps that use it are made anew with that one.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public non-sealed interface StoreFactory<C extends Record> extends ServiceFactory<C, Store> {}
