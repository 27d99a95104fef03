package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Doc;
import dev.sallyport.api.processor.ConfigRoot;
import org.jspecify.annotations.Nullable;

/** The keys that stand beside a service's type. */
@ConfigRoot("service")
public record ServiceKeys(
        @Doc("Unique; the rest of the configuration asks for it by this name.")
        String name,

        @Doc("Which versions of its plugin may serve: 1.4.0, ~1.4 or ^1.") @Nullable
        String version) {}
