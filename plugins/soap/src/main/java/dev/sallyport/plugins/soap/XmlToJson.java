package dev.sallyport.plugins.soap;

import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.soap.Complex.Attribute;
import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
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
    private final ParticleReader particles;

    /**
     * @param input at the start tag of the element
     * @param strict whether it is an error that something is missing
     */
    XmlToJson(Model model, XmlInput input, boolean strict) {
        this.model = model;
        this.input = input;
        this.strict = strict;
        particles = new ParticleReader(this, input, strict);
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
                particles.read(element, elements.group(), object);
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
            if (attribute != null) {
                object = object == null ? new Obj() : object;
                try {
                    object.put(attribute.key(), attribute.type().toJson(input.attribute(i), input::namespaceOf));
                } catch (MismatchException e) {
                    throw input.wrong("attribute " + local + ": " + e.reason());
                }
            } else if (type instanceof Complex complex && complex.anyAttribute()) {
                object = object == null ? new Obj() : object;
                object.put(AttributeCompiler.key(namespace, local), new Text(input.attribute(i)));
            } else if (strict) {
                throw input.wrong("attribute " + local + " (expected: none of that name)");
            }
        }
        return object;
    }
}
