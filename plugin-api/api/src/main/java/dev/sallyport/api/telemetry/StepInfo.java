package dev.sallyport.api.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * A step of the configuration, as one that observes exchanges hears of it. Immutable; one object for each step of a
 * generation, so it may serve as a key by identity.
 *
 * @param place where it stands: the route's name, {@code *} before routing, {@code upstream:} and a name for an attempt
 * @param id unique within its chain
 * @param type the type
 * @param version the plugin's; null where no plugin offers the type now
 */
public record StepInfo(
        String place, String id, String type, @Nullable String version) {}
