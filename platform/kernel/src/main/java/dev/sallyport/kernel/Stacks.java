package dev.sallyport.kernel;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where threads are, for the log. */
final class Stacks {

    private Stacks() {}

    /** The innermost frames of a thread, a line each. */
    static String of(Thread thread, int frames) {
        return Stream.of(thread.getStackTrace())
                .limit(frames)
                .map(frame -> "at " + frame)
                .collect(Collectors.joining("\n"));
    }
}
