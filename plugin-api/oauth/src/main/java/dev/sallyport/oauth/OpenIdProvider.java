package dev.sallyport.oauth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the provider tells of itself (OpenID Connect Discovery 1.0 §4), and its keys. Thread-safe.
 *
 * <p>It is fetched when it is first needed and again once an hour; while it cannot be had, what is there serves on. A
 * provider that was not reached is left alone for {@link #PAUSE}.
 */
public final class OpenIdProvider {

    /** By what algorithms its tokens may be signed: those with a public key, of which the JDK has all. */
    public static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** How long a provider that could not be reached is left alone. */
    public static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration REFRESH = Duration.ofHours(1);
    private static final Duration LOG_PAUSE = Duration.ofMinutes(1);
    private static final long KEYS_FRESH_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long KEYS_STALE_MILLIS = Duration.ofDays(1).toMillis();
    private static final long KEYS_PAUSE_MILLIS = Duration.ofSeconds(10).toMillis();

    private final String issuer;
    private final URI document;
    private final Sender sender;
    private final Clock clock;
    private final Logger log;
    private final String name;

    private volatile @Nullable Known known;
    private volatile @Nullable Instant quietUntil;
    private volatile @Nullable Instant logged;

    /** @param name whose provider it is, for the log */
    public OpenIdProvider(String issuer, Sender sender, Clock clock, Logger log, String name) {
        this.issuer = issuer;
        this.document = Urls.metadata(issuer);
        this.sender = sender;
        this.clock = clock;
        this.log = log;
        this.name = name;
    }

    /**
     * What is known of it.
     *
     * @param keys by which its tokens are signed
     */
    public record Known(OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys, Instant at) {

        /** Where browsers are sent. */
        public URI authorization() {
            return metadata.getAuthorizationEndpointURI();
        }

        /** Where codes are redeemed. */
        public URI token() {
            return metadata.getTokenEndpointURI();
        }
    }

    /** What is known; it is asked where that is too little or too old. */
    public Known known() throws ProviderUnavailableException {
        Known there = known;
        if (there != null && clock.instant().isBefore(there.at.plus(REFRESH))) {
            return there;
        }
        try {
            Known fetched = fetch(there);
            known = fetched;
            return fetched;
        } catch (ProviderUnavailableException e) {
            if (there == null) {
                throw e;
            }
            known = new Known(there.metadata, there.keys, clock.instant());
            return there;
        }
    }

    /** Sends a request of the library to it. */
    public HTTPResponse send(HTTPRequest request) throws ProviderUnavailableException {
        Instant quiet = quietUntil;
        if (quiet != null && clock.instant().isBefore(quiet)) {
            throw new ProviderUnavailableException("not reached a moment ago", null);
        }
        try {
            return request.send(sender);
        } catch (InterruptedIOException e) {
            // The request was given up; that says nothing of the provider.
            throw new ProviderUnavailableException("interrupted", e);
        } catch (IOException e) {
            quietUntil = clock.instant().plus(PAUSE);
            throw failed(request.getURI() + ": " + e, e);
        }
    }

    /** The failure to throw; the log has one a minute. */
    public ProviderUnavailableException failed(String what, @Nullable Throwable cause) {
        Instant now = clock.instant();
        Instant last = logged;
        if (last == null || !now.isBefore(last.plus(LOG_PAUSE))) {
            logged = now;
            log.log(Level.WARNING, "{0}: the provider cannot be asked: {1}", name, what);
        }
        return new ProviderUnavailableException(what, cause);
    }

    private Known fetch(@Nullable Known there) throws ProviderUnavailableException {
        HTTPResponse response = send(new HTTPRequest(HTTPRequest.Method.GET, document));
        if (response.getStatusCode() != 200) {
            throw failed(document + ": status " + response.getStatusCode() + " (expected: 200)", null);
        }
        try {
            OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(response.getBody());
            String told = metadata.getIssuer().getValue();
            if (!issuer.equals(told)) {
                // §4.3: it must be the one asked for, or one provider could speak for another.
                throw failed(document + ": issuer: " + told + " (expected: " + issuer + ")", null);
            }
            check("authorization_endpoint", metadata.getAuthorizationEndpointURI(), true);
            check("token_endpoint", metadata.getTokenEndpointURI(), true);
            check("jwks_uri", metadata.getJWKSetURI(), true);
            check("pushed_authorization_request_endpoint", metadata.getPushedAuthorizationRequestEndpointURI(), false);
            check("end_session_endpoint", metadata.getEndSessionEndpointURI(), false);
            URI keys = metadata.getJWKSetURI();
            return there != null && keys.equals(there.metadata.getJWKSetURI())
                    ? new Known(metadata, there.keys, clock.instant())
                    : new Known(metadata, keys(keys), clock.instant());
        } catch (GeneralException | IOException e) {
            throw failed(document + ": not a provider's metadata: " + e.getMessage(), e);
        }
    }

    private void check(String what, @Nullable URI url, boolean needed) throws ProviderUnavailableException {
        if (url == null ? needed : !Urls.isHttp(url) || Urls.isDowngrade(document, url)) {
            throw failed(document + ": " + what + ": " + url + " (expected: an https URL)", null);
        }
    }

    /** Fetched when they are needed, for unknown ids at most twice in ten seconds, and kept for a day while they cannot be. */
    private JWKSource<SecurityContext> keys(URI uri) throws IOException {
        return JWKSourceBuilder.create(uri.toURL(), this::retrieve)
                .refreshAheadCache(false)
                .cache(KEYS_FRESH_MILLIS, Duration.ofSeconds(15).toMillis())
                .rateLimited(KEYS_PAUSE_MILLIS)
                .outageTolerant(KEYS_STALE_MILLIS)
                .build();
    }

    private Resource retrieve(URL url) throws IOException {
        try {
            HTTPResponse response = new HTTPRequest(HTTPRequest.Method.GET, url.toURI()).send(sender);
            if (response.getStatusCode() != 200) {
                throw new IOException("status " + response.getStatusCode() + " (expected: 200)");
            }
            return new Resource(response.getBody(), response.getHeaderValue("content-type"));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
