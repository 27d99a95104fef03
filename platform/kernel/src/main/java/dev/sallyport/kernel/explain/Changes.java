package dev.sallyport.kernel.explain;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What one request differs in from another, in words. */
final class Changes {

    private Changes() {}

    @SuppressWarnings("ReferenceEquality") // another body is another object
    static List<String> between(Request before, Request after) {
        List<String> changes = new ArrayList<>();
        if (!before.method().equals(after.method())) {
            changes.add("the method becomes " + after.method());
        }
        if (!before.target().equals(after.target())) {
            changes.add("the target becomes " + after.target());
        }
        changes.addAll(between(before.headers(), after.headers()));
        if (before.body() != after.body()) {
            changes.add("the body is another");
        }
        return changes;
    }

    static List<String> between(Headers before, Headers after) {
        List<String> changes = new ArrayList<>();
        Set<String> names = new TreeSet<>(before.names());
        names.addAll(after.names());
        for (String name : names) {
            List<String> values = after.all(name);
            if (values.isEmpty()) {
                changes.add("removes " + name);
            } else if (!values.equals(before.all(name))) {
                changes.add("sets " + name + ": " + String.join(", ", values));
            }
        }
        return changes;
    }
}
