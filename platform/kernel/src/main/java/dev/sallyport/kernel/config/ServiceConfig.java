package dev.sallyport.kernel.config;

import dev.sallyport.api.processor.Definition;
import org.jspecify.annotations.Nullable;

/**
 * An entry under {@code services:}, an extension that is not a step: {@code {name: cluster, kubernetes: {…}}}.
 *
 * @param name by which the rest of the configuration asks for it
 * @param type the type that a plugin offers
 * @param config its settings, not bound yet: the record belongs to a plugin
 * @param version which versions of its plugin may serve; null for the newest within the major that serves
 * @param place where it stands
 */
@Definition("service")
public record ServiceConfig(
        String name,
        String type,
        ConfigNode config,
        @Nullable String version,
        Place place) {}
