package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that the gateway gets, and renews, from an authority by ACME (RFC 8555). It knows no place: where the same is
 * written a line further down, what is under way goes on.
 */
public record AcmeConfig(
        @Doc("The authority's directory.") @Default("https://acme-v02.api.letsencrypt.org/directory")
        URI directory,

        @Doc("The host names of the certificate; all of them lead to this gateway.") @Min(1)
        List<String> domains,

        @Doc("Where the authority may write to.") @Nullable String email,

        @Doc("Whether the terms of the authority are agreed to; it gives no certificate else.") @Default("false")
        boolean agreeToTerms,

        @Doc("How it is shown that the names lead here: http-01 (port 80 leads to a listener without tls) or"
                + " tls-alpn-01 (port 443 leads to this listener).")
        @Default("http-01")
        Challenge challenge,

        @Doc("A PEM file with the authorities by which the directory's own certificate is judged; those of the JDK"
                + " if not given.")
        @Nullable
        Path directoryCa) {

    /** How it is shown that the names lead here. */
    public enum Challenge {
        HTTP_01,
        TLS_ALPN_01
    }
}
