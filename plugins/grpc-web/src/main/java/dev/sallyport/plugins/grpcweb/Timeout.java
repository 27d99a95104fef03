package dev.sallyport.plugins.grpcweb;

import dev.sallyport.api.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a call may take ({@code grpc-timeout}). */
final class Timeout {

    private Timeout() {}

    /** The fields with that timeout, unless they have a shorter one. */
    static Headers shorter(Headers headers, Duration left) {
        Duration own = of(headers);
        return own != null && own.compareTo(left) < 0 ? headers : headers.with("grpc-timeout", written(left));
    }

    /** What the client gives the call; null where it does not say. */
    static @Nullable Duration of(Headers headers) {
        return parsed(headers.get("grpc-timeout", ""));
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
    private static String written(Duration timeout) {
        long millis = Math.max(1, timeout.toMillis());
        return millis > 99_999_999 ? Math.min(timeout.toSeconds(), 99_999_999) + "S" : millis + "m";
    }
}
