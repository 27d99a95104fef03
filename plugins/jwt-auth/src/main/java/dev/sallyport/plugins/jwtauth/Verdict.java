package dev.sallyport.plugins.jwtauth;

import java.util.Map;

/** What the check of a token came to. */
sealed interface Verdict {

    /**
     * The token is the issuer's and holds now.
     *
     * @param claims its claims, of the JDK's own types, unmodifiable
     */
    record Accepted(Map<String, Object> claims) implements Verdict {}

    /**
     * It is not, or does not.
     *
     * @param why one sentence that the client may read, of ASCII without quotes
     */
    record Refused(String why) implements Verdict {}
}
