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
    List<GatewayConfig.When> when();

    /**
     * A filter configured here.
     *
     * @param type the filter's type
     * @param config its settings, not bound yet: the record belongs to a plugin
     * @param keys what stands beside it
     */
    record Configured(String type, ConfigNode config, StepKeys keys, Place place) implements Step {

        @Override
        public List<GatewayConfig.When> when() {
            return keys.when();
        }

        /** As given, or null where its chain makes one from the type. */
        public @Nullable String id() {
            return keys.id();
        }

        /** Which versions of its plugin may serve; null for the newest within the major that serves. */
        public @Nullable String version() {
            return keys.version();
        }

        /** The step that is its canary; null where it has none. */
        public @Nullable Configured canary() {
            Canary canary = keys.canary();
            return canary == null
                    ? null
                    : new Configured(type, canary.config() == null ? config : canary.config(), keys.of(canary), place);
        }
    }

    /** All steps of a named chain. */
    record Use(String chain, List<GatewayConfig.When> when, Place place) implements Step {}
}
