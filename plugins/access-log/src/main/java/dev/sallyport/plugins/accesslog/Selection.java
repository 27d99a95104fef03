package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.Percent;
import org.jspecify.annotations.Nullable;

/**
 * Which exchanges are written.
 *
 * @param only those; null for all
 * @param sample so many of the others; null for none
 */
record Selection(@Nullable LineCondition only, @Nullable Percent sample) {

    boolean takes(Ended ended) {
        if (only == null && sample == null) {
            return true;
        }
        if (only != null && only.holds(ended.request(), ended.response())) {
            return true;
        }
        return sample != null && part(ended.request().exchange().id()) * 100 < sample.value();
    }

    /** From 0 to 1, the same for one id wherever it is asked for: the finaliser of SplitMix64 over the text's hash. */
    private static double part(String id) {
        long mixed = id.hashCode() * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
    }
}
