package dev.sallyport.plugins.console;

/**
 * What a chart shows of one stretch of time. Immutable.
 *
 * @param p50 in milliseconds, as p95 and p99
 */
record Point(int requests, int errors, float p50, float p95, float p99) {

    static final Point NONE = new Point(0, 0, 0, 0, 0);

    /** Both stretches as one: of the percentiles the higher, since those of two cannot be known from theirs. */
    Point and(Point other) {
        return new Point(
                requests + other.requests,
                errors + other.errors,
                Math.max(p50, other.p50),
                Math.max(p95, other.p95),
                Math.max(p99, other.p99));
    }
}
