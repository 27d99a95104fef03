package dev.sallyport.plugins.soap;

import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.soap.Particle.Any;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlFragment;
import dev.sallyport.xml.XmlInput;
import dev.sallyport.xml.XmlInput.Event;
import org.jspecify.annotations.Nullable;

/** Reads elements as the members of an object, by the order that their type has. For one thread. */
final class ParticleReader {

    private final XmlToJson elements;
    private final XmlInput input;
    private final boolean strict;
    private Event event = Event.START;

    ParticleReader(XmlToJson elements, XmlInput input, boolean strict) {
        this.elements = elements;
        this.input = input;
        this.strict = strict;
    }

    /** Reads all that stands in an element whose start tag was read; the input is at its end tag then. */
    void read(Element element, Group group, Obj into) throws BadContentException {
        advance();
        once(group, into);
        if (event != Event.END) {
            throw input.wrong("<" + input.local() + "> in <" + element.name().getLocalPart()
                    + "> (expected: another element, or its end)");
        }
    }

    private void advance() throws BadContentException {
        event = input.next();
        if (!input.text().isBlank()) {
            throw input.wrong("a text between elements (expected: elements alone)");
        }
    }

    private boolean isAt(Particle particle) {
        return event == Event.START && particle.accepts(input.namespace(), input.local());
    }

    private void once(Group group, Obj into) throws BadContentException {
        switch (group.order()) {
            case SEQUENCE -> {
                for (Particle part : group.parts()) {
                    part(part, into);
                }
            }
            case CHOICE -> choice(group, into);
            case ALL -> all(group, into);
        }
    }

    private void choice(Group group, Obj into) throws BadContentException {
        for (Particle part : group.parts()) {
            if (isAt(part)) {
                part(part, into);
                return;
            }
        }
        if (strict && !group.mayBeEmpty()) {
            throw missing(group);
        }
    }

    private void all(Group group, Obj into) throws BadContentException {
        boolean[] there = new boolean[group.parts().size()];
        boolean more = true;
        while (more) {
            more = false;
            for (int i = 0; i < there.length && !more; i++) {
                Particle part = group.parts().get(i);
                if (!there[i] && isAt(part)) {
                    part(part, into);
                    there[i] = true;
                    more = true;
                }
            }
        }
        for (int i = 0; i < there.length && strict; i++) {
            if (!there[i] && group.parts().get(i).min() > 0) {
                throw missing(group.parts().get(i));
            }
        }
    }

    private void part(Particle part, Obj into) throws BadContentException {
        int count = switch (part) {
            case Use use -> uses(use, into);
            case Any any -> anything(any, into);
            case Group group -> group(group, into);
        };
        if (count < part.min() && strict && !part.mayBeEmpty()) {
            throw missing(part);
        }
    }

    private int uses(Use use, Obj into) throws BadContentException {
        int count = 0;
        Element there = there(use);
        while (there != null && count < use.max()) {
            Value value = elements.read(there);
            String key = use.key(there);
            if (!use.array()) {
                into.put(key, value);
            } else if (into.members().get(key) instanceof Arr array) {
                array.items().add(value);
            } else {
                Arr array = new Arr();
                array.items().add(value);
                into.put(key, array);
            }
            count++;
            advance();
            there = there(use);
        }
        return count;
    }

    private @Nullable Element there(Use use) {
        return event == Event.START ? use.element().named(input.namespace(), input.local()) : null;
    }

    private int anything(Any any, Obj into) throws BadContentException {
        int count = 0;
        while (count < any.max() && isAt(any)) {
            Arr array = into.members().get(XmlToJson.ANY_KEY) instanceof Arr known ? known : new Arr();
            array.items().add(new Text(XmlFragment.element(input)));
            into.put(XmlToJson.ANY_KEY, array);
            count++;
            advance();
        }
        return count;
    }

    private int group(Group group, Obj into) throws BadContentException {
        int count = 0;
        Arr times = group.key() == null ? null : new Arr();
        while (count < group.max() && isAt(group)) {
            Obj object = times == null ? into : new Obj();
            once(group, object);
            if (times != null) {
                times.items().add(object);
            }
            count++;
        }
        if (times != null && count > 0 && group.key() != null) {
            into.put(group.key(), times);
        }
        return count;
    }

    private BadContentException missing(Particle part) {
        String there = event == Event.START ? "<" + input.local() + ">" : "an end tag";
        return input.wrong(there + " (expected: " + named(part) + " before it)");
    }

    /** What a part begins with, for people. */
    static String named(Particle part) {
        return switch (part) {
            case Use use -> "<" + use.element().name().getLocalPart() + ">";
            case Any _ -> "an element";
            case Group group
            when group.order() == Order.CHOICE -> {
                StringBuilder names = new StringBuilder("one of");
                group.parts().stream()
                        .limit(10)
                        .forEach(each -> names.append(' ').append(named(each)));
                yield names.toString();
            }
            case Group group ->
                group.parts().isEmpty() ? "nothing" : named(group.parts().getFirst());
        };
    }
}
