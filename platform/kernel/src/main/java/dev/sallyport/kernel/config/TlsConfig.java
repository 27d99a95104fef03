package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS on a listener. Files are looked for beside the one that names them, and read anew when they change. */
public record TlsConfig(
        @Doc("A PEM file: the server's certificate first, then each one's issuer. It is also shown to clients that"
                + " ask for a name which no certificate has, or for none.")
        @Nullable
        Path certificate,

        @Doc("A PEM file with its key, without a password: PKCS#8, PKCS#1 or EC.") @Nullable
        Path key,

        @Doc("Further certificates; a client is shown the one that has the name it asks for, or a wildcard for it.")
        List<Certificate> certificates,

        @Doc("Whether clients show a certificate: none, optional (one that is shown must be good) or required.")
        @Default("none")
        ClientAuth clientAuth,

        @Doc("A PEM file with the authorities whose client certificates are good.") @Nullable
        Path clientCa,

        @Doc("Has the gateway get a certificate by itself, and renew it.") @Nullable
        AcmeConfig acme,

        Place place) {

    /** A certificate and its key. */
    public record Certificate(
            @Doc("A PEM file: the server's certificate first, then each one's issuer.")
            Path certificate,

            @Doc("A PEM file with its key, without a password: PKCS#8, PKCS#1 or EC.")
            Path key,

            Place place) {}

    /** Whether clients show a certificate. */
    public enum ClientAuth {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    /** All certificates, the one for unknown names first. */
    public List<Certificate> all() {
        List<Certificate> all = new ArrayList<>();
        if (certificate != null && key != null) {
            all.add(new Certificate(certificate, key, place));
        }
        all.addAll(certificates);
        return all;
    }
}
