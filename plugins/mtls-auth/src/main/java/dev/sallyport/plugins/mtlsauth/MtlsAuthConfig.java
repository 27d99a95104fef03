package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record MtlsAuthConfig(
        @Doc("What becomes of a caller whose certificate is good and no consumer's: refuse, or pass it, named by the"
                + " certificate's only uri, its only dns or email name, or its subject.")
        @Default("refuse")
        Others others,

        @Doc("Request headers and what each tells the upstream of the certificate: {client-cert: certificate}.")
        Map<String, Fact> headers,

        @Doc("The request header that tells the upstream the consumer's name; none for no such header.")
        @Default("x-consumer-name")
        String consumerHeader,

        @Doc("The consumer whose requests without a certificate are; they are refused where it is not given.") @Nullable
        String anonymous) {

    /** What becomes of certificates of no consumer. */
    public enum Others {
        REFUSE,
        URI,
        DNS,
        EMAIL,
        SUBJECT
    }

    public MtlsAuthConfig {
        headers = Map.copyOf(headers);
        for (String header : headers.keySet()) {
            try {
                Headers.of(header, "");
            } catch (IllegalArgumentException notAName) {
                throw new ConfigException("headers", "'" + header + "' (expected: the name of a header)");
            }
            if (header.equalsIgnoreCase(consumerHeader)) {
                throw new ConfigException("headers", header + " (expected: another header than consumerHeader)");
            }
        }
    }
}
