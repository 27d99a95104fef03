package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How callers prove that a token is theirs (DPoP, RFC 9449). */
public record Dpop(
        @Doc("Whether every token needs a proof; otherwise only those that are bound to a key.") @Default("true")
        boolean required,

        @Doc("How long ago a proof may have been made.") @Default("1m") @Min(1_000) @Max(600_000)
        Duration maxAge,

        @Doc("How many proofs are remembered, so that none is taken twice; beyond it the oldest are forgotten.")
        @Default("100000")
        @Min(1_000)
        @Max(10_000_000)
        int remember,

        @Doc("A secret of 32 characters or more, the same on all gateways: proofs must then hold a nonce of theirs.")
        @Nullable
        Secret nonceKey) {

    private static final int SHORTEST_KEY = 32;

    public Dpop {
        if (nonceKey != null && nonceKey.value().length() < SHORTEST_KEY) {
            throw new ConfigException("nonceKey", "too short (expected: " + SHORTEST_KEY + " characters or more)");
        }
    }
}
