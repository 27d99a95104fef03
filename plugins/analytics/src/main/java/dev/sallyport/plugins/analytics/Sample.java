package dev.sallyport.plugins.analytics;

/**
 * A request that failed.
 *
 * @param at when it ended, in milliseconds since 1970
 * @param route {@code ""} where none matched
 * @param json all that may be told of it, as the access log writes it
 */
record Sample(long at, String route, int status, String json) {}
