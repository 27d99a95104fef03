package dev.sallyport.oauth;

import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds one of the provider's endpoints by its metadata (OpenID Connect Discovery 1.0 §4), and again once an hour; the one
 * found last serves on where they cannot be had. Thread-safe.
 */
final class Discovery implements Endpoint {

    private static final Duration REFRESH = Duration.ofHours(1);

    private final String issuer;
    private final String name;
    private final URI document;
    private final Sender sender;
    private final Clock clock;

    private volatile @Nullable Found found;

    Discovery(String issuer, String name, Sender sender, Clock clock) {
        this.issuer = issuer;
        this.name = name;
        this.document = Urls.metadata(issuer);
        this.sender = sender;
        this.clock = clock;
    }

    private record Found(URI endpoint, Instant at) {}

    @Override
    public URI find() throws ProviderUnavailableException {
        Found there = found;
        if (there != null && clock.instant().isBefore(there.at.plus(REFRESH))) {
            return there.endpoint;
        }
        URI endpoint;
        try {
            endpoint = fetch();
        } catch (ProviderUnavailableException e) {
            if (there == null) {
                throw e;
            }
            endpoint = there.endpoint;
        }
        found = new Found(endpoint, clock.instant());
        return endpoint;
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
            URI endpoint = JSONObjectUtils.getURI(metadata.toJSONObject(), name, null);
            if (endpoint == null || !Urls.isHttp(endpoint) || Urls.isDowngrade(document, endpoint)) {
                throw unusable(name + ": " + endpoint + " (expected: an https URL)", null);
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
