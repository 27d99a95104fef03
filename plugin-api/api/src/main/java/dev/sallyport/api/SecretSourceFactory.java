package dev.sallyport.api;

/**
 * Makes the {@link SecretSource} of one type of service.
 *
 * <pre>{@code
 * services:
 *   - {name: vault, acme/vault: {url: "https://vault.internal:8200", token: "${file:/run/secrets/vault-token}"}}
 * upstreams:
 *   orders: {targets: ["https://orders.internal"], tls: {key: "${secret:vault/shop/orders-key}"}}
 * }</pre>
 *
 * <p>What is said of {@link ServiceFactory} holds, and
 *
 * <ol>
 *   <li>A source is made before anything else of the configuration is, since the rest needs its secrets: so its own settings
 *       take secrets from variables and files alone.
 *   <li>A path among its settings never leads into the gateway's state or the configuration's folder.
 * </ol>
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public non-sealed interface SecretSourceFactory<C extends Record> extends ServiceFactory<C, SecretSource> {}
