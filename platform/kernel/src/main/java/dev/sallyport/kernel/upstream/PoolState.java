package dev.sallyport.kernel.upstream;

/**
 * What the connections to one target are doing.
 *
 * @param used how many have a request, or are being made
 * @param idle how many are kept for the next one
 * @param waiting how many requests wait for one
 */
public record PoolState(int used, int idle, int waiting) {

    PoolState plus(PoolState more) {
        return new PoolState(used + more.used, idle + more.idle, waiting + more.waiting);
    }
}
