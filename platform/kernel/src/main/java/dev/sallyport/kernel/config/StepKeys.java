package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.processor.ConfigRoot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that may stand beside a step's type. */
@ConfigRoot("step")
record StepKeys(
        @Doc("Its name in logs, metrics and skip; its type if not given.") @Nullable
        String id,

        @Doc("Whether it runs.") @Default("enforce") Step.Mode mode,

        @Doc("Which versions of its plugin may serve: 1.4.0, ~1.4 or ^1.") @Nullable
        String version,

        @Doc("Only the requests that any of these take pass through it.") @Shorthand
        List<GatewayConfig.Match> when,

        @Doc("Steps of one type and config that share this name have one instance.") @Nullable
        String share,

        @Doc("Whether routes may not skip it.") boolean required) {}
