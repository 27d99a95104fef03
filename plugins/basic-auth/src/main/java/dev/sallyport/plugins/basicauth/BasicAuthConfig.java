package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record BasicAuthConfig(
        @Doc("Further users: a file as htpasswd -B writes it, relative to the one that names it; read again when it"
                + " changes.")
        @Nullable
        Path htpasswd,

        @Doc("What clients show when they ask for the password.") @Default("api")
        String realm,

        @Doc("How long a password that was found right is not hashed again; 0s to hash at each request.")
        @Default("1m")
        @Min(0)
        @Max(3_600_000)
        Duration cacheFor,

        @Doc("Passes name and password on to the upstream; otherwise they are taken out of the request.")
        boolean forward,

        @Doc("The request header that tells the upstream the consumer's name; none for no such header.")
        @Default("x-consumer-name")
        String consumerHeader,

        @Doc("The consumer whose requests without a password are; they are refused where it is not given.") @Nullable
        String anonymous) {

    public BasicAuthConfig {
        if (!realm.matches("[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,100}")) {
            throw new ConfigException(
                    "realm", "'" + realm + "' (expected: up to 100 characters of ASCII, without quotes and backslash)");
        }
        if (consumerHeader.equalsIgnoreCase("authorization")) {
            throw new ConfigException(
                    "consumerHeader", consumerHeader + " (expected: another header than the one with the password)");
        }
    }
}
