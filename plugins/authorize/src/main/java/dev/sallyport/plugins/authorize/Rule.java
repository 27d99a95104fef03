package dev.sallyport.plugins.authorize;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A condition, and what is told where it decides. */
public record Rule(
        @Doc("The condition, in CEL.") @Shorthand Condition when,

        @Doc("A name for the rule: told in the answer that it causes, in traces and metrics.") @Nullable
        String id,

        @Doc("What the client is told where the rule refuses.") @Nullable
        String message) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public Rule {
        if (id != null && !NAME.matcher(id).matches()) {
            throw new ConfigException(
                    "id", "'" + id + "' (expected: up to 64 letters, digits, dots, dashes and underscores)");
        }
    }
}
