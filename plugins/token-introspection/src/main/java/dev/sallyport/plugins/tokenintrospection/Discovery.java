package dev.sallyport.plugins.tokenintrospection;

import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Finds the provider's endpoint by its metadata (OpenID Connect Discovery 1.0 §4), and again once an hour. Thread-safe. */
final class Discovery {

    private static final Duration REFRESH = Duration.ofHours(1);

    private final String issuer;
    private final URI document;
    private final Sender sender;
    private final Clock clock;

    private volatile @Nullable Found found;

    Discovery(String issuer, URI document, Sender sender, Clock clock) {
        this.issuer = issuer;
        this.document = document;
        this.sender = sender;
        this.clock = clock;
    }

    private record Found(URI endpoint, Instant at) {}

    /** Where the provider is asked about tokens; the place found last, where its metadata cannot be had at present. */
    URI endpoint() throws ProviderUnavailableException {
        Found there = found;
        if (there != null && clock.instant().isBefore(there.at.plus(REFRESH))) {
            return there.endpoint;
        }
        try {
            Found now = new Found(fetch(), clock.instant());
            found = now;
            return now.endpoint;
        } catch (ProviderUnavailableException e) {
            if (there == null) {
                throw e;
            }
            found = new Found(there.endpoint, clock.instant());
            return there.endpoint;
        }
    }

    private URI fetch() throws ProviderUnavailableException {
        try {
            HTTPResponse response = new HTTPRequest(HTTPRequest.Method.GET, document).send(sender);
            if (response.getStatusCode() != 200) {
                throw unusable("status " + response.getStatusCode() + " (expected: 200)", null);
            }
            AuthorizationServerMetadata metadata = AuthorizationServerMetadata.parse(response.getBody());
            String told = metadata.getIssuer().getValue();
            if (!issuer.equals(told)) {
                // §4.3: it must be the one asked for, or one provider could speak for another.
                throw unusable("issuer: " + told + " (expected: " + issuer + ")", null);
            }
            URI endpoint = metadata.getIntrospectionEndpointURI();
            if (endpoint == null || !Urls.isHttp(endpoint) || Urls.isDowngrade(document, endpoint)) {
                throw unusable("introspection_endpoint: " + endpoint + " (expected: an https URL)", null);
            }
            return endpoint;
        } catch (IOException | GeneralException e) {
            throw unusable(e.toString(), e);
        }
    }

    private ProviderUnavailableException unusable(String what, @Nullable Throwable cause) {
        return new ProviderUnavailableException(document + ": " + what, cause);
    }
}
