package dev.sallyport.kernel.config;

import dev.sallyport.api.processor.Definition;

/**
 * A credential of a consumer: {@code {key-auth: {hash: …}}}.
 *
 * @param type the credential's type
 * @param config its settings, not bound yet: the record belongs to a plugin
 * @param place where it stands
 */
@Definition("credential")
public record CredentialConfig(String type, ConfigNode config, Place place) {}
