package dev.sallyport.plugins.fault;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Moment;
import dev.sallyport.api.config.Percent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code fault}. */
public record FaultConfig(
        @Doc("Requests that are held up before they go on.") @Nullable
        Delay delay,

        @Doc("Requests that do not go on, but fail.") @Nullable
        Abort abort,

        @Doc("Only requests with this header are touched.") @Nullable
        Only only,

        @Doc("Until when: then all requests pass. It must be given where only is not.") @Nullable
        Moment until,

        @Doc("Makes the same requests fail in each run: the first, the second and so on by themselves, not by chance.")
        @Nullable
        Long seed) {

    /**
     * Requests that are held up.
     *
     * @param time how long
     * @param share how many
     */
    public record Delay(
            @Doc("How long.") @Min(1) @Max(60_000) Duration time,

            @Doc("How many of the requests.") Percent share) {}

    /**
     * Requests that fail.
     *
     * @param status what they are answered with
     * @param failure in the place of that, how the upstream seems to fail
     * @param share how many
     */
    public record Abort(
            @Doc("The status that they are answered with.") @Min(400) @Max(599) @Nullable
            Integer status,

            @Doc("In the place of a status: how the upstream seems to fail.") @Nullable
            Failure failure,

            @Doc("How many of the requests.") Percent share) {

        /** @throws ConfigException where it is not one of both */
        public Abort {
            if ((status == null) == (failure == null)) {
                throw new ConfigException(
                        "status", (status == null ? "neither" : "both") + " (expected: one of status and failure)");
            }
        }
    }

    /**
     * A header that requests must have.
     *
     * @param header its name; it is not sent on
     * @param value what it must hold; null for anything
     */
    public record Only(
            @Doc("Its name. It is not sent on.") String header,

            @Doc("What it must hold; anything if not given.") @Nullable
            String value) {

        /** @throws ConfigException where that is no name of a header */
        public Only {
            try {
                Headers.of(header, "x");
            } catch (IllegalArgumentException e) {
                throw new ConfigException("header", String.valueOf(e.getMessage()));
            }
        }
    }

    /** @throws ConfigException where there is no fault, or nothing that ends it */
    public FaultConfig {
        if (delay == null && abort == null) {
            throw new ConfigException("", "no fault (expected: delay, abort or both)");
        }
        if (only == null && until == null) {
            throw new ConfigException(
                    "until", "not given (expected: until or only, so that faults for everybody end by themselves)");
        }
    }
}
