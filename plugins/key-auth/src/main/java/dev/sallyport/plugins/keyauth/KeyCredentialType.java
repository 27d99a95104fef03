package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.CredentialType;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** The credentials {@code key-auth} of consumers. */
@Doc("An API key, of which only the hash is configured.")
@Type("key-auth")
public final class KeyCredentialType implements CredentialType<KeyCredential> {}
