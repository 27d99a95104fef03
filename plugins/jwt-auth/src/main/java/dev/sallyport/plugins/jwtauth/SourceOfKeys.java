package dev.sallyport.plugins.jwtauth;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;

/** Where keys come from; equal where that is the same. */
sealed interface SourceOfKeys {

    /** A key set at a URL. */
    record AtUrl(URI where) implements SourceOfKeys {}

    /** A key set in a file. */
    record InFile(Path where) implements SourceOfKeys {}

    /**
     * A key set that the issuer's metadata name.
     *
     * @param where the metadata
     * @param issuer whom they must be of
     */
    record Discovered(URI where, String issuer) implements SourceOfKeys {}

    /** That of an issuer. */
    static SourceOfKeys of(Issuer issuer) {
        return switch (issuer.jwks()) {
            case null -> new Discovered(issuer.discovery(), issuer.issuer());
            case Jwks(URI _, Path file) when file != null -> new InFile(file);
            case Jwks(URI url, Path _) -> new AtUrl(url);
        };
    }

    /** The URL or the file. */
    Object where();

    default boolean isFile() {
        return this instanceof InFile;
    }

    /** Whether who is on the way can exchange the keys. */
    default boolean isInClearText() {
        return where() instanceof URI url && !"https".equals(url.getScheme());
    }

    default KeySource open(HttpClient http) {
        return switch (this) {
            case AtUrl(URI url) -> KeySource.url(http, url);
            case InFile(Path file) -> KeySource.file(file);
            case Discovered(URI url, String issuer) -> KeySource.discovery(http, url, issuer);
        };
    }
}
