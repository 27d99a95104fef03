package dev.sallyport.plugins.circuitbreaker;

/** For what there is one breaker each. */
public enum Per {
    /** One for all that passes through the step. */
    ROUTE,
    /** One for each target of the upstream. */
    TARGET
}
