package dev.sallyport.plugins.soap;

import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.soap.Complex.Attribute;
import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.xml.JsonPlace;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlFragment;
import dev.sallyport.xml.XmlNames;
import dev.sallyport.xml.XmlOutput;
import dev.sallyport.xml.XmlOutput.UnfitCharacterException;
import java.util.Map;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Turns values into elements by their types. For one thread. */
final class JsonToXml {

    private final Model model;
    private final XmlOutput out;
    private final boolean strict;
    private final int maxDepth;
    private final JsonPlace path = new JsonPlace();
    private final ParticleWriter particles;

    /**
     * @param strict whether a member that the type does not have is an error; else it is left out
     * @param maxDepth how deep XML that stands in a text may be nested
     */
    JsonToXml(Model model, XmlOutput out, boolean strict, int maxDepth) {
        this.model = model;
        this.out = out;
        this.strict = strict;
        this.maxDepth = maxDepth;
        particles = new ParticleWriter(this, path, strict);
    }

    /** Appends the element with that value. */
    void write(Element element, Value value) throws MismatchException {
        if (out.isTooLong()) {
            throw path.wrong("more XML than " + out.most() + " characters (expected: less)");
        }
        Type type = element.type();
        Obj object = value instanceof Obj members ? members : null;
        QName named = null;
        if (object != null && object.members().get(XmlToJson.TYPE_KEY) instanceof Text key) {
            named = model.typeNamed(key.text());
            Type derived = named == null ? null : model.type(named);
            if (derived == null || !Derivation.isAllowed(/* type= */ derived, /* declared= */ type)) {
                throw path.in(XmlToJson.TYPE_KEY)
                        .wrong("another text (expected: the name of a type that is derived from the declared one)");
            }
            type = derived;
        }
        out.raw("<").raw(element.tag());
        if (named != null) {
            attribute("xsi:type", model.tag(named));
        }
        boolean nil = value == Nil.NIL
                || (object != null && object.members().get(XmlToJson.NIL_KEY) instanceof Bool bool && bool.is());
        if (nil) {
            if (!element.nillable()) {
                throw path.wrong("null (expected: a value); leave it out where it is optional");
            }
            attribute("xsi:nil", "true");
        }
        if (type instanceof Complex complex) {
            complex(element, complex, value, object, nil);
        } else {
            Simple simple = (Simple) type;
            Value text = object == null ? value : object.members().get(XmlToJson.TEXT_KEY);
            out.raw(">");
            if (!nil) {
                text(simple, text);
            }
            out.raw("</").raw(element.tag()).raw(">");
        }
    }

    private void complex(Element element, Complex type, Value value, @Nullable Obj object, boolean nil)
            throws MismatchException {
        if (type.isAbstract() && !nil) {
            throw path.wrong(
                    value.kind() + " of an abstract type (expected: " + XmlToJson.TYPE_KEY + " names another)");
        }
        int used = nil && object == null ? 0 : attributes(type, object, nil);
        out.raw(">");
        if (!nil) {
            used += content(type, value, object);
        }
        if (object != null && used < object.members().size() && strict) {
            unknown(type, object, nil);
        }
        out.raw("</").raw(element.tag()).raw(">");
    }

    /** Returns how many members are no content. */
    private int attributes(Complex type, @Nullable Obj object, boolean nil) throws MismatchException {
        int used = 0;
        for (Attribute attribute : type.attributes().values()) {
            Value value = object == null ? null : object.members().get(attribute.key());
            if (value != null && value != Nil.NIL) {
                try {
                    attribute(attribute.tag(), attribute.type().toXml(value, model.prefixes()));
                } catch (MismatchException e) {
                    throw e.pointer() == null ? path.in(attribute.key()).wrong(e.reason()) : e;
                }
            } else if (attribute.required() && !nil && strict) {
                throw path.wrong("no " + attribute.key() + " (expected: it is there)");
            }
            used += value == null ? 0 : 1;
        }
        if (object != null) {
            used += object.members().containsKey(XmlToJson.TYPE_KEY) ? 1 : 0;
            used += object.members().containsKey(XmlToJson.NIL_KEY) ? 1 : 0;
            used += type.anyAttribute() ? others(type, object) : 0;
        }
        return used;
    }

    private int others(Complex type, Obj object) throws MismatchException {
        int used = 0;
        for (Map.Entry<String, Value> member : object.members().entrySet()) {
            String key = member.getKey();
            if (key.startsWith("@")
                    && !key.startsWith("@xsi:")
                    && !type.attributes().containsKey(key)) {
                path.push(key);
                String text = Simple.STRING.toXml(member.getValue(), model.prefixes());
                other(key, text, "a" + used);
                path.pop();
                used++;
            }
        }
        return used;
    }

    private void other(String key, String text, String prefix) throws MismatchException {
        int end = key.startsWith("@{") ? key.indexOf('}') : -1;
        String namespace = end < 0 ? "" : key.substring(2, end);
        String local = key.substring(Math.max(end, 0) + 1);
        String name = end < 0 && local.startsWith("xml:") ? local.substring(4) : local;
        boolean fit = end < 0 || (XmlNames.isNamespace(namespace) && !namespace.equals(XmlToJson.XSI));
        if (!fit || !XmlNames.isName(name) || name.equals("xmlns")) {
            throw path.wrong("a name that XML cannot have (expected: such as @name or @{namespace}name)");
        }
        if (end < 0) {
            attribute(local, text);
        } else {
            attribute("xmlns:" + prefix, namespace);
            attribute(prefix + ":" + local, text);
        }
    }

    private int content(Complex type, Value value, @Nullable Obj object) throws MismatchException {
        return switch (type.content()) {
            case Content.Nothing _ -> {
                if (object == null) {
                    throw path.wrong(value.kind() + " (expected: an object)");
                }
                yield 0;
            }
            case Content.Text text -> {
                text(text.type(), object == null ? value : object.members().get(XmlToJson.TEXT_KEY));
                yield 1;
            }
            case Content.Elements elements -> {
                if (object == null) {
                    throw path.wrong(value.kind() + " (expected: an object)");
                }
                Members members = new Members(object);
                particles.once(elements.group(), members);
                yield members.used();
            }
            case Content.Opaque _ -> opaque(value, object);
        };
    }

    private int opaque(Value value, @Nullable Obj object) throws MismatchException {
        if (object == null) {
            text(Simple.STRING, value);
            return 0;
        }
        Value xml = object.members().get(XmlToJson.XML_KEY);
        Value text = object.members().get(XmlToJson.TEXT_KEY);
        if (xml != null) {
            path.push(XmlToJson.XML_KEY);
            xml(xml);
            path.pop();
        } else if (text != null) {
            text(Simple.STRING, text);
        }
        return xml == null && text == null ? 0 : 1;
    }

    /** Appends XML that stands in a text. */
    void xml(Value value) throws MismatchException {
        if (!(value instanceof Text text)) {
            throw path.wrong(value.kind() + " (expected: XML, as a text)");
        }
        try {
            out.raw(XmlFragment.checked(text.text(), maxDepth));
        } catch (BadContentException e) {
            throw path.wrong("no XML: " + e.problem().detail());
        }
    }

    private void text(Simple type, @Nullable Value value) throws MismatchException {
        if (value == null) {
            throw path.wrong("an object without " + XmlToJson.TEXT_KEY + " (expected: the text)");
        }
        try {
            out.text(type.toXml(value, model.prefixes()));
        } catch (UnfitCharacterException e) {
            throw path.wrong(String.valueOf(e.getMessage()));
        } catch (MismatchException e) {
            throw e.pointer() == null ? path.wrong(e.reason()) : e;
        }
    }

    private void attribute(String tag, String text) throws MismatchException {
        try {
            out.attribute(tag, text);
        } catch (UnfitCharacterException e) {
            throw path.wrong(String.valueOf(e.getMessage()));
        }
    }

    private void unknown(Complex type, Obj object, boolean nil) throws MismatchException {
        Members members = new Members(object);
        type.attributes().keySet().forEach(key -> members.take(key, 1));
        members.take(XmlToJson.TYPE_KEY, 1);
        members.take(XmlToJson.NIL_KEY, 1);
        if (!nil && type.content() instanceof Content.Elements elements) {
            JsonToXml again = new JsonToXml(model, new XmlOutput(), true, maxDepth);
            again.particles.once(elements.group(), members);
        } else if (type.content() instanceof Content.Text || type.content() == Content.Opaque.OPAQUE) {
            members.take(object.members().containsKey(XmlToJson.XML_KEY) ? XmlToJson.XML_KEY : XmlToJson.TEXT_KEY, 1);
        }
        throw members.leftOver(path);
    }
}
