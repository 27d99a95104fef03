package dev.sallyport.kernel.trace;

import dev.sallyport.api.telemetry.StepInfo;
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

    private static final String ROUTE = "route ";
    private static final String UPSTREAM = "upstream ";

    /** The same for those that observe exchanges; one object for each step. */
    public StepInfo info() {
        return new StepInfo(
                place.startsWith(ROUTE)
                        ? place.substring(ROUTE.length())
                        : place.startsWith(UPSTREAM) ? "upstream:" + place.substring(UPSTREAM.length()) : "*",
                id,
                type,
                version);
    }

    /** {@code route orders, step rate-limit} */
    @Override
    public String toString() {
        return place + ", step " + id;
    }
}
