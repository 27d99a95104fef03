package dev.sallyport.plugins.circuitbreaker;

/** For what there is one breaker each. */
public enum Per {
    /** Under a route: one for all that passes through the step. */
    ROUTE,
    /** Under an upstream: one for all of its targets together. */
    UPSTREAM,
    /** Under an upstream: one for each of its targets. */
    TARGET
}
