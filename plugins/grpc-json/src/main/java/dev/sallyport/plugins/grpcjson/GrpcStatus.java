package dev.sallyport.plugins.grpcjson;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a call has ended (gRPC over HTTP/2, {@code grpc-status}). Immutable.
 *
 * @param code of {@code google.rpc.Code}; a number that is none of them is {@link Code#UNKNOWN}
 * @param message for people; {@code ""} for none
 * @param details what a program may read
 */
record GrpcStatus(Code code, String message, List<Any> details) {

    GrpcStatus {
        details = List.copyOf(details);
    }

    /** The one that fields tell, the head's or those after the end; null where they tell none. */
    static @Nullable GrpcStatus of(Headers fields) {
        String number = fields.get("grpc-status");
        if (number == null) {
            return null;
        }
        Code code = number.matches("\\d{1,3}") ? Code.forNumber(Integer.parseInt(number)) : null;
        String details = fields.get("grpc-status-details-bin");
        return new GrpcStatus(
                code == null ? Code.UNKNOWN : code,
                decoded(fields.get("grpc-message", "")),
                details == null ? List.of() : details(details));
    }

    private static List<Any> details(String encoded) {
        try {
            return Status.parseFrom(Base64.getDecoder().decode(encoded)).getDetailsList();
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            return List.of(); // the code and the message count all the same
        }
    }

    /** Percent-encoding of UTF-8; what is not encoded well stays as it is. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length() && hex(text, i + 1) && hex(text, i + 2)) {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean hex(String text, int at) {
        return Character.digit(text.charAt(at), 16) >= 0;
    }

    boolean isOk() {
        return code == Code.OK;
    }

    /** The HTTP status, as {@code google/rpc/code.proto} maps them. */
    int httpStatus() {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> 499;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS, UNRECOGNIZED -> 500;
        };
    }

    /** The same as a problem. */
    Problem problem(JsonMessages json) {
        String words = code.name().toLowerCase(Locale.ROOT);
        Problem problem = new Problem(
                        httpStatus(), "grpc-" + words.replace('_', '-'), "gRPC: " + words.replace('_', ' '))
                .with("grpc-status", code.getNumber())
                .with("grpc-code", code.name());
        if (!message.isEmpty()) {
            problem = problem.withDetail(message).with("grpc-message", message);
        }
        if (!details.isEmpty()) {
            List<@Nullable Object> shapes = new ArrayList<>();
            for (Any detail : details) {
                shapes.add(shape(JsonParser.parseString(json.any(detail))));
            }
            problem = problem.with("details", shapes);
        }
        return problem;
    }

    /** After how many seconds the caller may come again, as the details say (google.rpc.RetryInfo); -1 where they do not. */
    long retryAfter() {
        for (Any detail : details) {
            if (detail.is(RetryInfo.class)) {
                try {
                    Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
                    return Math.max(0, delay.getSeconds() + (delay.getNanos() > 0 ? 1 : 0));
                } catch (InvalidProtocolBufferException unreadable) {
                    return -1;
                }
            }
        }
        return -1;
    }

    private static @Nullable Object shape(JsonElement element) {
        if (element.isJsonObject()) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            element.getAsJsonObject()
                    .entrySet()
                    .forEach(member -> members.put(member.getKey(), shape(member.getValue())));
            return members;
        }
        if (element.isJsonArray()) {
            List<@Nullable Object> elements = new ArrayList<>();
            element.getAsJsonArray().forEach(one -> elements.add(shape(one)));
            return elements;
        }
        if (element.isJsonNull()) {
            return null;
        }
        if (element.getAsJsonPrimitive().isBoolean()) {
            return element.getAsBoolean();
        }
        return element.getAsJsonPrimitive().isNumber() ? (Object) element.getAsBigDecimal() : element.getAsString();
    }
}
