package dev.sallyport.plugins.jwtauth;

import dev.sallyport.oauth.Access;
import java.util.Map;

/** What the check of a token came to. */
sealed interface Verdict {

    /**
     * The token is an issuer's and holds now.
     *
     * @param issuer whose it is
     * @param key the key that signed it
     * @param keys the set where that key was found
     * @param claims its claims, of the JDK's own types, unmodifiable
     * @param times when it holds
     * @param access what it comes to here
     */
    record Accepted(
            TrustedIssuer issuer, KeySet.Key key, KeySet keys, Map<String, Object> claims, Times times, Access access)
            implements Verdict {}

    /**
     * It is not, or does not.
     *
     * @param why one sentence that the client may read, of ASCII without quotes
     */
    record Refused(String why) implements Verdict {}
}
