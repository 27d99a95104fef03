package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.Request;
import java.util.List;
import java.util.regex.Pattern;

/** What a request carries in {@code Authorization} (RFC 6750 §2.1). */
sealed interface Token {

    /** No bearer token. */
    record None() implements Token {}

    /** One token, not yet checked. */
    record Bearer(String text) implements Token {}

    /** Something that cannot be a token. */
    record Unreadable(String why) implements Token {}

    /** Tokens are a few KiB at most; a longer text is not even parsed. */
    int LONGEST = 16 * 1024;

    /** RFC 6750 §2.1, b64token. About anything else the provider need not be asked. */
    Pattern FORM = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*");

    static Token of(Request request) {
        List<String> fields = request.headers().all("authorization");
        if (fields.isEmpty() || fields.stream().noneMatch(Token::isBearer)) {
            return new None();
        }
        if (fields.size() > 1) {
            return new Unreadable("More than one Authorization field was sent.");
        }
        String text = fields.getFirst().substring("Bearer ".length()).strip();
        if (text.length() > LONGEST) {
            return new Unreadable("The token is too long.");
        }
        return FORM.matcher(text).matches() ? new Bearer(text) : new Unreadable("The token is malformed.");
    }

    private static boolean isBearer(String field) {
        return field.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length());
    }
}
