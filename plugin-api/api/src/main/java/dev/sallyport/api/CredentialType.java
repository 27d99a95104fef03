package dev.sallyport.api;

import org.pf4j.ExtensionPoint;

/**
 * A kind of credential that consumers can have: an extension beside the filter that checks it, known by {@link Type} and
 * by the record that its settings bind to. It has no code of its own; {@link FilterContext#credentials} gives the filter
 * what is configured.
 *
 * <pre>{@code
 * consumers:
 *   - name: mobile
 *     credentials: [{key-auth: {hash: "sha256:9f86d081…"}}]
 * }</pre>
 *
 * @param <C> the settings of one credential
 */
public interface CredentialType<C extends Record> extends ExtensionPoint {}
