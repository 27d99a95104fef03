package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Request;
import java.util.List;

/** What a request carries in {@code Authorization} (RFC 6750 §2.1, RFC 9449 §7.1). */
sealed interface Token {

    /** No token. */
    record None() implements Token {}

    /** One token, not yet checked, and how it was sent. */
    record Sent(String text, Scheme scheme) implements Token {}

    /** Something that cannot be a token. */
    record Unreadable(String why, Scheme scheme) implements Token {}

    /** Tokens are a few KiB at most; a longer text is not even parsed. */
    int LONGEST = 16 * 1024;

    /**
     * Reads it.
     *
     * @param schemes by which tokens are taken here
     */
    static Token of(Request request, List<Scheme> schemes) {
        List<String> fields = request.headers().all("authorization");
        for (String field : fields) {
            for (Scheme scheme : schemes) {
                if (!scheme.isOf(field)) {
                    continue;
                }
                if (fields.size() > 1) {
                    return new Unreadable("More than one Authorization field was sent.", scheme);
                }
                String text = scheme.token(field);
                return text.length() > LONGEST
                        ? new Unreadable("The token is too long.", scheme)
                        : new Sent(text, scheme);
            }
        }
        return new None();
    }
}
