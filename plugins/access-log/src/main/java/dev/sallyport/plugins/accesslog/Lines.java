package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Request;

/** Makes one line of one exchange: without line breaks, whatever the client sent. Used by many threads at once. */
interface Lines {

    /** The most characters of a value that the client chose. */
    int LONGEST = 4096;

    String line(Request request, Completion completion);

    /** The value, its end cut off where it is very long. */
    static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
    }
}
