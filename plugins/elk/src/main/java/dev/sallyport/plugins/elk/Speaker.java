package dev.sallyport.plugins.elk;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Of the steps that share a pipeline, the one whose metrics tell of it: all would tell the same, and their sum would be wrong.
 * Thread-safe.
 */
final class Speaker {

    private final Deque<Object> steps = new ArrayDeque<>();

    synchronized void join(Object step) {
        steps.add(step);
    }

    synchronized void leave(Object step) {
        steps.remove(step);
    }

    synchronized boolean is(Object step) {
        return step.equals(steps.peek());
    }
}
