package dev.sallyport.plugins.soap;

import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.soap.Complex.Attribute;
import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.plugins.soap.Particle.Any;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlFragment;
import dev.sallyport.xml.XmlInput;
import dev.sallyport.xml.XmlInput.Event;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Turns elements into values by their types, while they are read. For one thread. */
final class XmlToJson {

    static final String XSI = XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI;
    static final String TYPE_KEY = "@xsi:type";
    static final String NIL_KEY = "@xsi:nil";
    static final String TEXT_KEY = "#text";
    static final String XML_KEY = "#xml";
    static final String ANY_KEY = "#any";

    private final Model model;
    private final XmlInput input;
    private final boolean strict;
    private Event event = Event.START;

    /**
     * @param input at the start tag of the element
     * @param strict whether it is an error that something is missing
     */
    XmlToJson(Model model, XmlInput input, boolean strict) {
        this.model = model;
        this.input = input;
        this.strict = strict;
    }

    /**
     * The value of the element whose start tag was read; the input is at its end tag then.
     *
     * @throws BadContentException where it is not as declared
     */
    Value read(Element element) throws BadContentException {
        Type type = element.type();
        Obj attributes = null;
        if (input.attributes() > 0) {
            String written = input.attribute(XSI, "type");
            if (written != null) {
                QName name = qualified(written);
                type = derived(element.type(), name);
                attributes = new Obj().put(TYPE_KEY, new Text(model.typeKey(name)));
            }
            attributes = attributes(type, attributes);
            if (isNil(input.attribute(XSI, "nil"))) {
                end("an element that is nil");
                return attributes == null ? Nil.NIL : attributes.put(NIL_KEY, new Bool(true));
            }
        }
        if (type instanceof Complex complex && complex.isAbstract()) {
            throw input.wrong("<" + element.name().getLocalPart()
                    + "> is of an abstract type (expected: xsi:type names another)");
        }
        return switch (type) {
            case Simple simple -> {
                Value value = text(element, simple);
                yield attributes == null ? value : attributes.put(TEXT_KEY, value);
            }
            case Complex complex -> content(element, complex, attributes);
        };
    }

    private Value content(Element element, Complex type, @Nullable Obj attributes) throws BadContentException {
        Obj object = attributes == null ? new Obj() : attributes;
        switch (type.content()) {
            case Content.Nothing _ -> end("an empty element");
            case Content.Text text -> object.put(TEXT_KEY, text(element, text.type()));
            case Content.Elements elements -> {
                advance();
                once(elements.group(), object);
                if (event != Event.END) {
                    throw input.wrong("<" + input.local() + "> in <"
                            + element.name().getLocalPart() + "> (expected: another element, or its end)");
                }
            }
            case Content.Opaque _ -> {
                String inner = XmlFragment.content(input);
                boolean markup = inner.indexOf('<') >= 0 || inner.indexOf('&') >= 0;
                if (attributes == null && !markup) {
                    return new Text(inner);
                }
                object.put(markup ? XML_KEY : TEXT_KEY, new Text(inner));
            }
        }
        return object;
    }

    private Value text(Element element, Simple type) throws BadContentException {
        if (input.next() != Event.END) {
            throw input.wrong("<" + input.local() + "> in <" + element.name().getLocalPart() + "> (expected: a text)");
        }
        String text = input.text();
        try {
            String given = element.given();
            return type.toJson(text.isEmpty() && given != null ? given : text, input::namespaceOf);
        } catch (MismatchException e) {
            throw input.wrong("<" + element.name().getLocalPart() + ">: " + e.reason());
        }
    }

    private void end(String what) throws BadContentException {
        if (input.next() != Event.END || !input.text().isBlank()) {
            throw input.wrong("content in " + what + " (expected: none)");
        }
    }

    private static boolean isNil(@Nullable String value) {
        return value != null && (value.strip().equals("true") || value.strip().equals("1"));
    }

    private QName qualified(String written) {
        String name = written.strip();
        int colon = name.indexOf(':');
        return new QName(input.namespaceOf(colon < 0 ? "" : name.substring(0, colon)), name.substring(colon + 1));
    }

    private Type derived(Type declared, QName name) throws BadContentException {
        Type type = model.type(name);
        if (type == null) {
            throw input.wrong("xsi:type names a type that is not there (expected: one of the WSDL)");
        }
        if (!Derivation.isAllowed(type, declared)) {
            throw input.wrong(
                    "xsi:type names a type that is not derived from the declared one (expected: one that is)");
        }
        return type;
    }

    private @Nullable Obj attributes(Type type, @Nullable Obj before) throws BadContentException {
        Obj object = before;
        for (int i = 0; i < input.attributes(); i++) {
            String namespace = input.attributeNamespace(i);
            String local = input.attributeLocal(i);
            if (namespace.equals(XSI)) {
                continue;
            }
            Attribute attribute = type instanceof Complex complex ? complex.attribute(namespace, local) : null;
            object = object == null ? new Obj() : object;
            if (attribute != null) {
                try {
                    object.put(attribute.key(), attribute.type().toJson(input.attribute(i), input::namespaceOf));
                } catch (MismatchException e) {
                    throw input.wrong("attribute " + local + ": " + e.reason());
                }
            } else if (type instanceof Complex complex && complex.anyAttribute()) {
                object.put(AttributeCompiler.key(namespace, local), new Text(input.attribute(i)));
            } else if (strict) {
                throw input.wrong("attribute " + local + " (expected: none of that name)");
            }
        }
        return object;
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
            Value value = read(there);
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
            Arr array = into.members().get(ANY_KEY) instanceof Arr known ? known : new Arr();
            array.items().add(new Text(XmlFragment.element(input)));
            into.put(ANY_KEY, array);
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
