package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.config.ConfigException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** How TLS to the collector is spoken. */
record Tls(SSLContext context, X509TrustManager trust) {

    /** As the settings say; null where it is not spoken. */
    static @Nullable Tls of(OpenTelemetryConfig config) {
        if (!"https".equals(config.endpoint().getScheme())) {
            return null;
        }
        OpenTelemetryConfig.Tls tls = config.tls();
        Path certificate = tls == null ? null : tls.certificate();
        Path key = tls == null ? null : tls.key();
        KeyManager[] keys = certificate == null || key == null ? null : Pem.identity(certificate, key);
        X509TrustManager trust = Pem.trust(tls == null ? null : tls.ca());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return new Tls(context, trust);
        } catch (GeneralSecurityException e) {
            throw new ConfigException("tls", "cannot be used: " + e.getMessage());
        }
    }
}
