package dev.sallyport.oauth;

import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Written;

/** How the gateway shows the provider who it is (RFC 6749 §2.3.1), under the names that RFC 7591 §2 registers. */
public enum ClientAuth {
    /** In the header {@code Authorization}. */
    @Written("client_secret_basic")
    BASIC,
    /** In the body. */
    @Written("client_secret_post")
    POST;

    /** As which the client of that name and secret shows itself. */
    public ClientAuthentication of(String id, Secret secret) {
        ClientID client = new ClientID(id);
        com.nimbusds.oauth2.sdk.auth.Secret shared = new com.nimbusds.oauth2.sdk.auth.Secret(secret.value());
        return switch (this) {
            case BASIC -> new ClientSecretBasic(client, shared);
            case POST -> new ClientSecretPost(client, shared);
        };
    }
}
