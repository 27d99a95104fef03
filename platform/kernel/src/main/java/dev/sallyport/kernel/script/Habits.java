package dev.sallyport.kernel.script;

/**
 * Which bodies the last calls of a script have read. One that it will most likely read is taken into memory before the
 * script goes on, which saves handing the call over once more; where the guess is wrong, the body is passed on from there.
 * Thread-safe: whichever call ends last says what the next one does.
 */
final class Habits {

    private volatile boolean readsRequest;
    private volatile boolean readsResponse;

    /** Whether the next call will most likely read the body of that message; 0 is the request. */
    boolean reads(int message) {
        return message == 0 ? readsRequest : readsResponse;
    }

    /** Says which a call has read. */
    void learn(boolean request, boolean response) {
        if (readsRequest != request) {
            readsRequest = request;
        }
        if (readsResponse != response) {
            readsResponse = response;
        }
    }
}
