package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens as RFC 8725 (best current practice for JSON Web Tokens) asks: the algorithm must be one of those that
 * were configured and fit the key; a key is only ever taken from the provider's set, never from the token; issuer,
 * audience and times are always looked at. Thread-safe.
 */
final class TokenVerifier {

    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");
    private static final Verdict.Refused MALFORMED = new Verdict.Refused("The token is malformed.");
    private static final Verdict.Refused NOT_SIGNED = new Verdict.Refused("The signature of the token is not valid.");

    private final Set<JWSAlgorithm> algorithms;
    private final String issuer;
    private final Set<String> audience;
    private final Duration skew;
    private final Keys keys;
    private final Clock clock;

    TokenVerifier(JwtAuthConfig config, Keys keys, Clock clock) {
        this.algorithms =
                config.algorithms().stream().map(SignatureAlgorithm::toJws).collect(Collectors.toUnmodifiableSet());
        this.issuer = config.issuer();
        this.audience = Set.copyOf(config.audience());
        this.skew = config.skew();
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Checks one token.
     *
     * @throws KeysUnavailableException where there are no keys to check it with
     */
    Verdict verify(String token) throws KeysUnavailableException, InterruptedException {
        return verify(token, this::isSigned);
    }

    /**
     * The same without asking the provider for anything.
     *
     * @throws KeysUnavailableException where the keys that are there cannot tell
     */
    Verdict foresee(String token) throws KeysUnavailableException, InterruptedException {
        return verify(token, jws -> {
            List<JWSVerifier> verifiers = keys.here().verifiersFor(jws.getHeader());
            boolean signed = isSignedBy(verifiers, jws);
            if (!signed && (verifiers.isEmpty() || jws.getHeader().getKeyID() == null)) {
                throw new KeysUnavailableException("the token's key is not among those that are there", null);
            }
            return signed;
        });
    }

    /** How a signature is checked. */
    private interface SignatureCheck {
        boolean isSigned(JWSObject jws) throws KeysUnavailableException, InterruptedException;
    }

    private Verdict verify(String token, SignatureCheck signature)
            throws KeysUnavailableException, InterruptedException {
        JWSObject jws;
        Map<String, Object> claims;
        try {
            jws = JWSObject.parse(token);
            claims = Json.object(jws.getPayload().toJSONObject());
        } catch (ParseException | IllegalArgumentException notAToken) {
            return MALFORMED;
        }
        if (claims == null) {
            return MALFORMED;
        }
        Verdict.Refused refused = refuseHeader(jws.getHeader());
        if (refused == null && !issuer.equals(claims.get("iss"))) {
            // Before the signature: tokens of others must not make us ask our provider for their keys.
            refused = new Verdict.Refused("The token is of another issuer.");
        }
        if (refused == null && !signature.isSigned(jws)) {
            refused = NOT_SIGNED;
        }
        if (refused == null) {
            refused = refuseClaims(claims);
        }
        return refused == null ? new Verdict.Accepted(claims) : refused;
    }

    private Verdict.@Nullable Refused refuseHeader(JWSHeader header) {
        if (!algorithms.contains(header.getAlgorithm())) {
            return new Verdict.Refused("The token is signed by an algorithm that is not accepted.");
        }
        Set<String> critical = header.getCriticalParams();
        if (critical != null && !critical.isEmpty()) {
            // RFC 7515 §4.1.11: what must be understood and is not makes it invalid. We know no extension.
            return new Verdict.Refused("The token needs an extension that is not known.");
        }
        JOSEObjectType type = header.getType();
        return type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT))
                ? null
                : new Verdict.Refused("The token is not of a type for access.");
    }

    private boolean isSigned(JWSObject jws) throws KeysUnavailableException, InterruptedException {
        KeySet there = keys.current();
        List<JWSVerifier> verifiers = there.verifiersFor(jws.getHeader());
        if (isSignedBy(verifiers, jws)) {
            return true;
        }
        if (!verifiers.isEmpty() && jws.getHeader().getKeyID() != null) {
            return false;
        }
        // The key may be newer than our set.
        KeySet newer = keys.renewed(there);
        return newer != there && isSignedBy(newer.verifiersFor(jws.getHeader()), jws);
    }

    private static boolean isSignedBy(List<JWSVerifier> verifiers, JWSObject jws) {
        for (JWSVerifier verifier : verifiers) {
            try {
                if (jws.verify(verifier)) {
                    return true;
                }
            } catch (JOSEException | IllegalStateException notByThisKey) {
                // The next one may fit: a token without key id says only what kind of key it is.
            }
        }
        return false;
    }

    private Verdict.@Nullable Refused refuseClaims(Map<String, Object> claims) {
        if (!audience.isEmpty() && Json.texts(claims.get("aud")).stream().noneMatch(audience::contains)) {
            return new Verdict.Refused("The token is meant for another audience.");
        }
        double now = clock.millis() / 1000.0;
        double leeway = skew.toMillis() / 1000.0;
        if (!(claims.get("exp") instanceof Number expires)) {
            return new Verdict.Refused("The token does not say when it expires.");
        }
        if (now - leeway >= expires.doubleValue()) {
            return new Verdict.Refused("The token has expired.");
        }
        boolean early = isAfter(claims.get("nbf"), now + leeway) || isAfter(claims.get("iat"), now + leeway);
        return early ? new Verdict.Refused("The token is not valid yet.") : null;
    }

    /** Whether that time is given and not yet reached; what is no number is never reached. */
    private static boolean isAfter(@Nullable Object time, double now) {
        return time != null && !(time instanceof Number number && number.doubleValue() <= now);
    }
}
