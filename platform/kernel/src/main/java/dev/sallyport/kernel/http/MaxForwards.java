package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import org.jspecify.annotations.Nullable;

/** How many more hops an OPTIONS or TRACE request may take (RFC 9110 §7.6.2). */
public final class MaxForwards {

    private static final String NAME = "Max-Forwards";

    private MaxForwards() {}

    /**
     * The fields to pass on, with one hop less where they say a number; null where this was the last hop, so that the
     * gateway must answer itself. Other methods, and values that are no number, stay as they are.
     */
    public static @Nullable Headers spent(String method, Headers headers) {
        if (!method.equals("OPTIONS") && !method.equals("TRACE")) {
            return headers;
        }
        String value = headers.get(NAME);
        if (value == null || value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return headers;
        }
        int hops = value.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(value);
        return hops == 0 ? null : headers.with(NAME, Integer.toString(hops - 1));
    }
}
