package dev.sallyport.kernel.config;

import dev.sallyport.api.processor.Definition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a list of steps: {@code {<type>: <its config>}} with further keys beside it, or {@code {use: <chain>}}.
 */
@Definition("step")
public sealed interface Step {

    /** Where it stands. */
    Place place();

    /** Only the requests that any of these take pass through it; empty for all. */
    List<GatewayConfig.Match> when();

    /**
     * A filter configured here.
     *
     * @param type the filter's type
     * @param config its settings, not bound yet: the record belongs to a plugin
     * @param id as given, or null where its chain makes one from the type
     * @param mode whether it runs
     * @param version which versions of its plugin may serve; null for the newest within the major that serves
     * @param share steps of one type, config and share have one instance; null for one of its own
     * @param required whether routes may not skip it
     */
    record Configured(
            String type,
            ConfigNode config,
            @Nullable String id,
            Mode mode,
            @Nullable String version,
            @Nullable String share,
            boolean required,
            List<GatewayConfig.Match> when,
            Place place)
            implements Step {}

    /** All steps of a named chain. */
    record Use(String chain, List<GatewayConfig.Match> when, Place place) implements Step {}

    /** Whether a step runs. */
    enum Mode {
        ENFORCE,
        OFF
    }
}
