package dev.sallyport.plugins.retry;

import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.UpstreamException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads when to come again (RFC 9110 §10.2.3). */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /** What a response says; zero where it says nothing, or nothing that can be read. */
    static Duration of(Response response, Instant now) {
        String text = response.header("retry-after");
        if (text == null) {
            return Duration.ZERO;
        }
        if (SECONDS.matcher(text.strip()).matches()) {
            return Duration.ofSeconds(Long.parseLong(text.strip()));
        }
        try {
            Duration left = Duration.between(
                    now,
                    ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }

    /** When a target may be used again, where none may now; zero where that is not known. */
    static Duration of(@Nullable UpstreamException failure) {
        return failure != null && failure.getCause() instanceof TargetUnavailableException unavailable
                ? unavailable.retryAfter()
                : Duration.ZERO;
    }
}
