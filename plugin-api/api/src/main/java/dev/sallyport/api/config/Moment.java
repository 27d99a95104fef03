package dev.sallyport.api.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A moment, with its offset from UTC: {@code 2027-03-01T06:00:00Z}, {@code 2027-03-01T07:00:00+01:00}.
 *
 * @param instant the moment
 */
public record Moment(Instant instant) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Moment parse(String text) {
        try {
            return new Moment(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    text + " (expected: a time with its offset such as 2027-03-01T06:00:00Z)", e);
        }
    }

    /** The written form, in UTC. */
    @Override
    public String toString() {
        return instant.toString();
    }
}
