package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.CredentialType;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** The credentials {@code mtls-auth} of consumers. */
@Doc("What a client certificate says of its owner.")
@Type("mtls-auth")
public final class MtlsCredentialType implements CredentialType<MtlsCredential> {}
