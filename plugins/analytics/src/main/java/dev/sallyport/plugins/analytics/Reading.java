package dev.sallyport.plugins.analytics;

/** Takes what was counted, by its time, the oldest first. For one thread. */
@FunctionalInterface
interface Reading {

    /**
     * Takes one slice; there may be several of one time.
     *
     * @param first its first minute, since 1970
     * @param end the one after its last
     * @return whether more of it is wanted
     */
    boolean add(long first, long end, Slice slice);
}
