package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Identification;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the consumer by the certificate that the client has shown in the TLS handshake. */
final class MtlsAuthFilter implements Filter {

    private static final Problem MISSING = new Problem(401, "certificate-missing", "A client certificate is needed");
    private static final Problem EXPIRED =
            new Problem(401, "certificate-expired", "The client certificate has expired");
    private static final Problem UNKNOWN =
            new Problem(403, "certificate-unknown", "The client certificate is not one of those that may enter");

    private static final String CHALLENGE = "ClientCertificate realm=\"api\"";

    private final MtlsAuthConfig config;
    private final Callers callers;
    private final Identification identification;
    private final Clock clock;

    MtlsAuthFilter(MtlsAuthConfig config, Callers callers, Identification identification, Clock clock) {
        this.config = config;
        this.callers = callers;
        this.identification = identification;
        this.clock = clock;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        X509Certificate certificate = certificate(request.exchange());
        if (certificate == null) {
            Response passed = identification.proceedWithout(request, next);
            return passed != null ? passed : refuse(request, MISSING, "missing");
        }
        Callers.Found found = callers.of(certificate);
        request.exchange().note("subject", found.identity().subject().getName());
        request.exchange().note("fingerprint", found.identity().fingerprint());
        // A connection may outlive the certificate that it began with.
        if (clock.instant().isAfter(certificate.getNotAfter().toInstant())) {
            return refuse(request, EXPIRED, "expired");
        }
        if (found.consumer() == null) {
            return refuse(request, UNKNOWN, found.why());
        }
        return identification.proceed(told(request, certificate, found.identity()), found.consumer(), next);
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    private static @Nullable X509Certificate certificate(Exchange exchange) {
        Exchange.Tls tls = exchange.tls();
        return tls == null || tls.clientCertificates().isEmpty()
                ? null
                : tls.clientCertificates().getFirst();
    }

    private Request told(Request request, X509Certificate certificate, Identity identity) {
        Request told = request;
        for (Map.Entry<String, Fact> header : config.headers().entrySet()) {
            String value = header.getValue().of(certificate, identity);
            told = !value.isEmpty() && isFieldValue(value)
                    ? told.withHeader(header.getKey(), value)
                    : told.withoutHeader(header.getKey());
        }
        return told;
    }

    private static boolean isFieldValue(String value) {
        try {
            Headers.of("x", value);
            return true;
        } catch (IllegalArgumentException notAValue) {
            return false;
        }
    }

    private static Response refuse(Request request, Problem problem, String why) {
        request.exchange().note("refused", why);
        Response response = problem.toResponse(request);
        return problem.status() == 401 ? response.withHeader("www-authenticate", CHALLENGE) : response;
    }
}
