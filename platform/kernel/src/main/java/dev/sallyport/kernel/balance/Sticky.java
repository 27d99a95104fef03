package dev.sallyport.kernel.balance;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import dev.sallyport.kernel.config.BalanceConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A cookie leads a client back to its target. Its value is a keyed hash of upstream and target: it tells nobody an address,
 * and nobody can choose a target by guessing. Where the target is away, another one is had in turn, and a new cookie.
 */
final class Sticky implements Policy {

    private static final int TOKEN_BYTES = 16;

    private final BalanceConfig.Sticky config;
    private final Expression cookie;
    private final SecretKeySpec key;
    private final String upstream;
    private final RoundRobin otherwise;

    Sticky(BalanceConfig.Sticky config, byte[] key, String upstream, Family family) {
        this.config = config;
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.upstream = upstream;
        cookie = Expression.parse("cookie." + config.cookie());
        otherwise = new RoundRobin(family);
    }

    /** What the cookie of a target's clients says. */
    String token(URI target) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] hash = mac.doFinal((upstream + "\n" + target).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, TOKEN_BYTES));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    @Override
    public int choose(View view, Request request) {
        int known = foresee(view, request);
        return known >= 0 ? known : otherwise.choose(view);
    }

    @Override
    public int foresee(View view, Request request) {
        String token = cookie.value(request);
        if (token != null) {
            for (int i = 0; i < view.size(); i++) {
                if (token.equals(view.member(i).token())) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** The value of {@code Set-Cookie} for a client that was sent to that target; null where it has that cookie. */
    @Nullable
    String setCookie(Request request, String token) {
        if (token.equals(cookie.value(request))) {
            return null;
        }
        return config.cookie() + "=" + token + "; Path=/"
                + (config.ttl() == null ? "" : "; Max-Age=" + config.ttl().toSeconds())
                + "; HttpOnly; SameSite=Lax"
                + (request.exchange().scheme().equals("https") ? "; Secure" : "");
    }
}
