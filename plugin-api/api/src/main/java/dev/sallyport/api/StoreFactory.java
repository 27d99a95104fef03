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
<<<<<<< HEAD
 *   <li>The class is public and has a public constructor without parameters. One instance serves all services of its type
 *       within one loaded jar.
 *   <li>{@link #create} runs once for each entry under {@code services:}, with a time limit; it need not reach the server,
 *       and should not wait for it: while a new store has {@linkplain Store#trouble trouble} the gateway waits, for all that
 *       are new at the same time and no longer than 3 s. A store that is away at first works once it is there.
=======
 *   <li>A store that is away at first works once it is there.
>>>>>>> main
 *   <li>What a store holds is given to {@link ServiceContext#onClose}: it is closed once no step has the store any more.
 *   <li>Where another store takes its place, the steps that use it are made anew with that one.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public non-sealed interface StoreFactory<C extends Record> extends ServiceFactory<C, Store> {}
