package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.json.BadContentException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Header fields as the metadata of a call, and back. */
final class Metadata {

    /** About the bytes of the body, which become others, or about the form of the answer. */
    private static final Set<String> OF_THE_BODY = Set.of(
            "content-type",
            "content-length",
            "content-encoding",
            "content-md5",
            "content-digest",
            "repr-digest",
            "digest",
            "accept",
            "accept-encoding",
            "accept-ranges",
            "range",
            "if-range",
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "trailer",
            "te",
            "expect");

    private Metadata() {}

    /**
     * The head of a call.
     *
     * @param left what is left till the gateway gives up; null where nothing limits it
     * @throws BadContentException where a field that says it is binary is not
     */
    static Headers ofCall(Headers fields, @Nullable Duration left) throws BadContentException {
        Headers.Builder call = Headers.builder(fields.size() + 4);
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i).toLowerCase(Locale.ROOT);
            if (!OF_THE_BODY.contains(name) && !name.startsWith("grpc-") && isKey(name)) {
                if (name.endsWith("-bin")) {
                    checkBinary(name, fields.value(i));
                }
                call.add(fields, i);
            }
        }
        call.add("content-type", "application/grpc");
        call.add("grpc-accept-encoding", "gzip,identity");
        String timeout = shorter(timeout(fields), left);
        if (timeout != null) {
            call.add("grpc-timeout", timeout);
        }
        return call.build();
    }

    /** What a key may consist of (gRPC over HTTP/2, "Custom-Metadata"). */
    private static boolean isKey(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static void checkBinary(String name, String value) throws BadContentException {
        for (String one : value.split(",", -1)) {
            try {
                Base64.getDecoder().decode(one.strip());
            } catch (IllegalArgumentException e) {
                throw new BadContentException(new Problem(400, "metadata-invalid", "Invalid metadata")
                        .withDetail("header " + name + ": is not base64")
                        .with("header", name));
            }
        }
    }

    /** How long the client itself gives the call; null where it does not say. */
    static @Nullable Duration timeout(Headers fields) {
        String asked = fields.get("grpc-timeout");
        return asked == null ? null : parsed(asked);
    }

    private static @Nullable String shorter(@Nullable Duration own, @Nullable Duration left) {
        if (own == null) {
            return left == null ? null : written(left);
        }
        return left == null || own.compareTo(left) < 0 ? written(own) : written(left);
    }

    private static @Nullable Duration parsed(String text) {
        if (!text.matches("\\d{1,8}[HMSmun]")) {
            return null;
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 'H' -> Duration.ofHours(number);
            case 'M' -> Duration.ofMinutes(number);
            case 'S' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMillis(number);
            case 'u' -> Duration.ofNanos(number * 1_000);
            default -> Duration.ofNanos(number);
        };
    }

    /** At most eight digits and a unit. */
    static String written(Duration timeout) {
        if (timeout.toMillis() > 99_999_999) {
            return Math.min(timeout.toSeconds(), 99_999_999) + "S";
        }
        return timeout.toMillis() < 1 ? Math.max(1, timeout.toNanos() / 1_000) + "u" : timeout.toMillis() + "m";
    }

    /** The fields of an answer: the metadata of a call, without what is gRPC's own. */
    static Headers ofAnswer(Headers metadata) {
        Headers.Builder answer = Headers.builder(metadata.size());
        for (int i = 0; i < metadata.size(); i++) {
            String name = metadata.name(i).toLowerCase(Locale.ROOT);
            if (!name.startsWith("grpc-") && !OF_THE_BODY.contains(name)) {
                answer.add(metadata, i);
            }
        }
        return answer.build();
    }

    /** The fields of one and those of another after them. */
    static Headers joined(Headers first, Headers then) {
        Headers.Builder both = Headers.builder(first.size() + then.size());
        for (int i = 0; i < first.size(); i++) {
            both.add(first, i);
        }
        for (int i = 0; i < then.size(); i++) {
            both.add(then, i);
        }
        return both.build();
    }
}
