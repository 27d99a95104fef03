package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.Request;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What a request says of its sender by the scheme Basic (RFC 7617). */
sealed interface Login {

    /** The longest credentials that are decoded: a name and a password of some hundred characters. */
    int LONGEST = 1_024;

    /** Nothing. */
    record None() implements Login {}

    /**
     * Something that is no login.
     *
     * @param why for traces
     */
    record Unreadable(String why) implements Login {}

    /** A name and a password. */
    record Given(String user, String password) implements Login {

        /** The password is shown nowhere. */
        @Override
        public String toString() {
            return user;
        }
    }

    /** What this request says. */
    static Login of(Request request) {
        List<String> fields = request.headers().all("authorization");
        if (fields.stream().noneMatch(Login::isBasic)) {
            return new None();
        }
        if (fields.size() > 1) {
            // Which one counts would differ from what another party on the way sees, so none does.
            return new Unreadable("several");
        }
        String encoded = fields.getFirst().substring("Basic".length()).strip();
        if (encoded.isEmpty()) {
            return new None();
        }
        if (encoded.length() > LONGEST) {
            return new Unreadable("too long");
        }
        try {
            return decoded(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException notBase64) {
            return new Unreadable("not base64");
        }
    }

    private static boolean isBasic(String field) {
        return field.regionMatches(true, 0, "Basic", 0, 5) && (field.length() == 5 || field.charAt(5) == ' ');
    }

    private static Login decoded(byte[] bytes) {
        boolean colon = false;
        for (byte each : bytes) {
            colon |= each == ':';
            if ((each >= 0 && each < ' ') || each == 0x7f) {
                return new Unreadable("control character");
            }
        }
        if (!colon) {
            return new Unreadable("no colon");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int end = text.indexOf(':');
            return new Given(text.substring(0, end), text.substring(end + 1));
        } catch (CharacterCodingException e) {
            return new Unreadable("not UTF-8");
        }
    }
}
