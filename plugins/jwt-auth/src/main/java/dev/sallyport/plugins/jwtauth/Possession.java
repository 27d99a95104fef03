package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JWSAlgorithm;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Secret;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a caller may use a token, which is valid, by how it was sent. Thread-safe. */
final class Possession {

    private final ProofVerifier proofs;
    private final @Nullable Nonces nonces;
    private final Attribute<Boolean> proven;

    Possession(Dpop settings, JwtAuthConfig config, FilterContext context) {
        Secret key = settings.nonceKey();
        Set<JWSAlgorithm> algorithms = SignatureAlgorithm.toJws(config.algorithms());
        Replays replays = new Replays(
                settings.maxAge().plus(config.skew().multipliedBy(2)),
                settings.remember(),
                context.clock(),
                context.logger(),
                context.key());
        this.nonces = key == null ? null : new Nonces(key, settings.maxAge(), context.clock());
        this.proofs = new ProofVerifier(algorithms, settings.maxAge(), config.skew(), nonces, replays, context.clock());
        this.proven = Attribute.of("dpop-proven/" + context.key(), Boolean.class);
    }

    /** The answer where it may not; null where it may. */
    @Nullable
    Response refuse(Request request, Token.Sent token, Map<String, Object> claims, Answers answers) {
        Response refused = foresee(request, token, claims, answers);
        if (refused != null || token.scheme() == Scheme.BEARER) {
            return refused;
        }
        Exchange exchange = request.exchange();
        boolean seen = exchange.get(proven) != null;
        return switch (proofs.verify(request, token.text(), claims, seen)) {
            case ProofVerifier.Result.Refused unproven -> answers.unproven(request, unproven.why());
            case ProofVerifier.Result.NonceNeeded needed ->
                answers.nonceNeeded(request, nonces == null ? "" : nonces.current());
            case ProofVerifier.Result.Proven holds -> {
                exchange.put(proven, true);
                yield null;
            }
        };
    }

    /** The same but for the proof, which is made for one request and taken once. */
    @Nullable
    Response foresee(Request request, Token.Sent token, Map<String, Object> claims, Answers answers) {
        boolean bound = ProofVerifier.boundTo(claims) instanceof String;
        if (token.scheme() == Scheme.BEARER) {
            return bound
                    ? answers.unproven(request, "The token must be sent as Authorization: DPoP, with a proof.")
                    : null;
        }
        return bound ? null : answers.invalid(request, Scheme.DPOP, "The token is bound to no key.");
    }
}
