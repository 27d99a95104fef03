package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.CredentialType;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** The credentials {@code basic-auth} of consumers. */
@Doc("A user's name, and the hash of the password.")
@Type("basic-auth")
public final class BasicCredentialType implements CredentialType<BasicCredential> {}
