package dev.sallyport.xml;

import java.util.ArrayList;
import java.util.List;

/** Where in a value one is, to tell it by a JSON Pointer (RFC 6901). For one thread. */
public final class JsonPlace {

    private final List<Object> steps = new ArrayList<>();

    /** Makes the root the place. */
    public JsonPlace() {}

    /** Goes to a member. */
    public void push(String name) {
        steps.add(name);
    }

    /** Goes to an item. */
    public void push(int index) {
        steps.add(index);
    }

    /** Goes back. */
    public void pop() {
        steps.removeLast();
    }

    /** The path to a member, as another one. */
    public JsonPlace in(String name) {
        JsonPlace path = new JsonPlace();
        path.steps.addAll(steps);
        path.steps.add(name);
        return path;
    }

    /** What is wrong here. */
    public MismatchException wrong(String reason) {
        return new MismatchException(reason, toString());
    }

    @Override
    public String toString() {
        StringBuilder pointer = new StringBuilder();
        for (Object step : steps) {
            pointer.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
