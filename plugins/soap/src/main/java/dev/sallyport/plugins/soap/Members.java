package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Particle.Any;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Use;
import dev.sallyport.xml.JsonPlace;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Obj;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of an object, and how much of them has been written. For one thread. */
final class Members {

    private final Obj object;
    private final Map<String, Integer> taken = new HashMap<>();
    private int total;

    Members(Obj object) {
        this.object = object;
    }

    @Nullable
    Value get(String key) {
        return object.members().get(key);
    }

    /** How many items of a member have been written; 1 for one that is no array. */
    int taken(String key) {
        return taken.getOrDefault(key, 0);
    }

    void take(String key, int count) {
        Integer before = taken.put(key, count);
        total += count - (before == null ? 0 : before);
    }

    /** Says that a member has been written as a whole, whatever it is. */
    void takeAll(String key) {
        take(
                key,
                object.members().get(key) instanceof Arr array
                        ? Math.max(1, array.items().size())
                        : 1);
    }

    /** How many items have been written of all members together. */
    int total() {
        return total;
    }

    /** How many members have been written, each to its end. */
    int used() {
        int used = 0;
        for (Map.Entry<String, Integer> each : taken.entrySet()) {
            used += isDone(each.getKey(), each.getValue()) ? 1 : 0;
        }
        return used;
    }

    private boolean isDone(String key, int count) {
        if (object.members().get(key) instanceof Arr array && !array.items().isEmpty()) {
            return count >= array.items().size();
        }
        return object.members().containsKey(key);
    }

    /** Whether something is left for a part. */
    boolean have(Particle part) {
        return switch (part) {
            case Use use -> {
                boolean any = isLeft(use, use.element());
                for (Element substitute : use.element().substitutes()) {
                    any |= isLeft(use, substitute);
                }
                yield any;
            }
            case Any _ -> isLeft(XmlToJson.ANY_KEY, false);
            case Group group -> {
                String key = group.key();
                yield key != null ? isLeft(key, false) : group.parts().stream().anyMatch(this::have);
            }
        };
    }

    private boolean isLeft(Use use, Element element) {
        return isLeft(use.key(element), element.nillable());
    }

    private boolean isLeft(String key, boolean nillable) {
        Value value = object.members().get(key);
        if (value == null || (value == Nil.NIL && !nillable)) {
            return false;
        }
        int count = taken(key);
        return value instanceof Arr array ? count < array.items().size() : count == 0;
    }

    /** Says which member has not been written. */
    MismatchException leftOver(JsonPlace path) {
        for (String key : object.members().keySet()) {
            Integer count = taken.get(key);
            if (count == null || !isDone(key, count)) {
                return path.in(key)
                        .wrong(
                                count == null
                                        ? "a member that cannot stand there (expected: those of its type)"
                                        : "more items than can stand there (expected: " + count + " at most)");
            }
        }
        return path.wrong("a member that cannot stand there (expected: those of its type)");
    }
}
