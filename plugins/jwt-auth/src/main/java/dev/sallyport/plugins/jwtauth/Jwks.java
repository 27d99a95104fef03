package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.oauth.Urls;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the provider's public keys are (a JWK Set, RFC 7517 §5): one of the two. */
public record Jwks(
        @Doc("An http or https URL; may be written in the place of the whole.") @Shorthand @Nullable
        URI url,

        @Doc("A file, relative to the one that names it.") @Nullable
        Path file) {

    public Jwks {
        if ((url == null) == (file == null)) {
            throw new ConfigException("", "(expected: either a url or a file)");
        }
        if (url != null && !Urls.isHttp(url)) {
            throw new ConfigException("url", url + " (expected: an http or https URL; a file is {file: " + url + "})");
        }
    }
}
