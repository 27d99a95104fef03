package dev.sallyport.records;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Request;

/** Makes one line of one exchange: without line breaks, whatever the client sent. Used by many threads at once. */
public interface Lines {

    /** The most characters of a value that the client chose. */
    int LONGEST = 4096;

    /**
     * The line, without its end.
     *
     * @param request as the step that writes received it
     * @param completion how its exchange has ended
     */
    String line(Request request, Completion completion);

    /** The value, its end cut off where it is very long, between characters. */
    static String cut(String value) {
        if (value.length() <= LONGEST) {
            return value;
        }
        int end = Character.isHighSurrogate(value.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return value.substring(0, end) + "...";
    }
}
