package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.CredentialType;
import dev.sallyport.api.Type;

/** The credentials {@code key-auth} of consumers. */
@Type("key-auth")
public final class KeyCredentialType implements CredentialType<KeyCredential> {}
