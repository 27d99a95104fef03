package dev.sallyport.kernel.trace;

import org.jspecify.annotations.Nullable;

/**
 * Which step it is.
 *
 * @param place where it stands, for people: {@code route orders}
 * @param id unique there
 * @param type its filter's type
 * @param version its plugin's; null where that is missing
 */
public record StepName(
        String place, String id, String type, @Nullable String version) {

    /** {@code route orders, step rate-limit} */
    @Override
    public String toString() {
        return place + ", step " + id;
    }
}
