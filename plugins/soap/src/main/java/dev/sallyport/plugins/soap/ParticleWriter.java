package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Particle.Any;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import dev.sallyport.xml.JsonPlace;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Obj;
import java.util.List;

/** Writes the members of an object as elements, in the order of their type. For one thread. */
final class ParticleWriter {

    private final JsonToXml elements;
    private final JsonPlace path;
    private final boolean strict;

    ParticleWriter(JsonToXml elements, JsonPlace path, boolean strict) {
        this.elements = elements;
        this.path = path;
        this.strict = strict;
    }

    /** Writes a group, once. */
    void once(Group group, Members members) throws MismatchException {
        if (group.order() == Order.CHOICE) {
            for (Particle part : group.parts()) {
                if (members.have(part)) {
                    part(part, members);
                    return;
                }
            }
            if (!group.mayBeEmpty()) {
                throw missing(group);
            }
            return;
        }
        for (Particle part : group.parts()) {
            part(part, members);
        }
    }

    private void part(Particle part, Members members) throws MismatchException {
        int count = switch (part) {
            case Use use -> uses(use, members);
            case Any any -> anything(any, members);
            case Group group -> group.key() == null ? times(group, members) : items(group, group.key(), members);
        };
        if (count < part.min() && !part.mayBeEmpty()) {
            throw missing(part);
        }
    }

    private int uses(Use use, Members members) throws MismatchException {
        int count = uses(use, use.element(), members, 0);
        for (Element substitute : use.element().substitutes()) {
            count = uses(use, substitute, members, count);
        }
        return count;
    }

    private int uses(Use use, Element element, Members members, int before) throws MismatchException {
        String key = use.key(element);
        Value value = members.get(key);
        if (value == null || (element.isAbstract() && value == Nil.NIL)) {
            return before;
        }
        path.push(key);
        int count = before;
        if (use.array()) {
            List<Value> items = value == Nil.NIL && !element.nillable()
                    ? List.of()
                    : value instanceof Arr array ? array.items() : List.of(value);
            int at = members.taken(key);
            while (at < items.size() && count < use.max()) {
                path.push(at);
                elements.write(element, items.get(at));
                path.pop();
                at++;
                count++;
            }
            members.take(key, at);
        } else if (members.taken(key) == 0 && count < use.max()) {
            members.takeAll(key);
            if (value != Nil.NIL || element.nillable()) {
                if (value instanceof Arr && !takesArray(element)) {
                    throw path.wrong("an array (expected: one value)");
                }
                elements.write(element, value);
                count++;
            }
        }
        path.pop();
        return count;
    }

    private static boolean takesArray(Element element) {
        return element.type() instanceof Simple simple
                && (simple.kind() == Simple.Kind.LIST || simple.kind() == Simple.Kind.UNION);
    }

    private int anything(Any any, Members members) throws MismatchException {
        Value value = members.get(XmlToJson.ANY_KEY);
        if (value == null) {
            return 0;
        }
        List<Value> items = value instanceof Arr array ? array.items() : List.of(value);
        int at = members.taken(XmlToJson.ANY_KEY);
        int count = 0;
        path.push(XmlToJson.ANY_KEY);
        while (at < items.size() && count < any.max()) {
            path.push(at);
            elements.xml(items.get(at));
            path.pop();
            at++;
            count++;
        }
        path.pop();
        members.take(XmlToJson.ANY_KEY, at);
        return count;
    }

    private int times(Group group, Members members) throws MismatchException {
        int count = 0;
        while (count < group.max() && members.have(group)) {
            int before = members.total();
            once(group, members);
            count++;
            if (members.total() == before) {
                break;
            }
        }
        return count;
    }

    private int items(Group group, String key, Members members) throws MismatchException {
        Value value = members.get(key);
        if (value == null) {
            return 0;
        }
        List<Value> items = value instanceof Arr array ? array.items() : List.of(value);
        members.takeAll(key);
        path.push(key);
        for (int i = 0; i < items.size(); i++) {
            path.push(i);
            if (i >= group.max()) {
                throw path.wrong("one more (expected: " + group.max() + " at most)");
            }
            if (!(items.get(i) instanceof Obj object)) {
                throw path.wrong(items.get(i).kind() + " (expected: an object)");
            }
            Members inner = new Members(object);
            once(group, inner);
            if (strict && inner.used() < object.members().size()) {
                throw inner.leftOver(path);
            }
            path.pop();
        }
        path.pop();
        return items.size();
    }

    private MismatchException missing(Particle part) {
        return path.wrong("it lacks "
                + ParticleReader.named(part).replace("<", "").replace(">", "") + " (expected: it is there)");
    }
}
