package dev.sallyport.kernel.chain;

import dev.sallyport.api.config.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of requests that a route takes, to be looked at.
 *
 * @param route the route's name
 * @param owned header names that are taken off when the route is chosen
 * @param maxBody the longest body; null where the listener says
 * @param steps what serves its steps, in order; empty where nothing does
 * @param attempts what serves the steps of the attempt, by upstream; nothing for those without
 */
public record Way(
        String route,
        List<String> owned,
        @Nullable Size maxBody,
        List<ServedStep> steps,
        Map<String, List<ServedStep>> attempts) {}
