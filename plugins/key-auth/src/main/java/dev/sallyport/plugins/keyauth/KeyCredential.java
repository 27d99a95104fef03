package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.config.Doc;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** One key of one consumer. */
public record KeyCredential(
        @Doc("The key's SHA-256: sha256: and 64 lower-case hexadecimal digits.")
        KeyHash hash,

        @Doc("A name for the key, shown in traces and lists in its place.") @Nullable
        String id,

        @Doc("The first day (in UTC) on which the key is refused; never, where it is not given.") @Nullable
        LocalDate expires) {}
