package dev.sallyport.plugins.maintenance;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Moment;
import dev.sallyport.api.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code maintenance}. */
public record MaintenanceConfig(
        @Doc("Whether there is maintenance where no command says otherwise; false: only when it is switched on.")
        @Default("true")
        boolean on,

        @Doc("From when on; from now on if not given.") @Nullable
        Moment from,

        @Doc("Until when: then requests pass again by themselves, and Retry-After says how long that is.") @Nullable
        Moment until,

        @Doc("What Retry-After says where there is no until.") @Default("10m") @Min(1_000) @Max(86_400_000)
        Duration retryAfter,

        @Doc("The body of the answer, a text in UTF-8; a problem if neither it nor page is given.") @Nullable
        String body,

        @Doc("A file with the body of the answer, at most 1MiB; read when the step is made.") @Nullable
        Path page,

        @Doc("The content-type of body or page.") @Default("text/html; charset=utf-8")
        String contentType,

        @Doc("Addresses and blocks whose requests pass.") List<Block> allow,

        @Doc("A header with which requests pass.") @Nullable Bypass bypass) {

    /**
     * A header with which requests pass.
     *
     * @param header its name; it is not sent on
     * @param value what it must hold
     */
    public record Bypass(
            @Doc("Its name. It is not sent on.") String header,

            @Doc("What it must hold.") Secret value) {

        /** @throws ConfigException where that is no name of a header */
        public Bypass {
            check("header", header, "x");
        }
    }

    /** @throws ConfigException where these do not go together */
    public MaintenanceConfig {
        allow = List.copyOf(allow);
        if (from != null && until != null && !from.instant().isBefore(until.instant())) {
            throw new ConfigException("until", until + " (expected: after from, " + from + ")");
        }
        if (body != null && page != null) {
            throw new ConfigException("page", "beside body (expected: one of them)");
        }
        check("contentType", "content-type", contentType);
    }

    private static void check(String key, String name, String value) {
        try {
            Headers.of(name, value);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key, String.valueOf(e.getMessage()));
        }
    }
}
