package dev.sallyport.plugins.xmljson;

import dev.sallyport.json.BadContentException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Num;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlInput;
import dev.sallyport.xml.XmlInput.Event;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;

/** Makes JSON of a document of XML. Immutable and thread-safe. */
final class XmlToTree {

    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,300})(?:\\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?");

    private final Paths arrays;
    private final Paths numbers;
    private final Paths booleans;
    private final boolean join;
    private final boolean drop;
    private final int maxDepth;

    XmlToTree(XmlJsonConfig config) {
        arrays = Paths.of(config.arrays());
        numbers = Paths.of(config.numbers());
        booleans = Paths.of(config.booleans());
        join = config.mixed() == XmlJsonConfig.Mixed.JOIN;
        drop = config.dropNamespaces();
        maxDepth = config.maxDepth();
    }

    /** Where an element is, in each of the trees of paths. */
    private record At(
            @Nullable Paths arrays,
            @Nullable Paths numbers,
            @Nullable Paths booleans) {

        At in(String name) {
            return arrays == null && numbers == null && booleans == null
                    ? this
                    : new At(Paths.in(arrays, name), Paths.in(numbers, name), Paths.in(booleans, name));
        }
    }

    /**
     * The JSON of a document: an object with one member, the root.
     *
     * @throws BadContentException where it is no XML, with line and column
     */
    Value read(byte[] xml, @Nullable String charset) throws BadContentException {
        XmlInput input = XmlInput.of(xml, charset, maxDepth);
        input.next();
        String name = name(input.prefix(), input.local());
        At at = new At(arrays, numbers, booleans).in(name);
        Value root = element(input, at);
        input.next();
        if (Paths.isEnd(at.arrays())) {
            Arr array = new Arr();
            array.items().add(root);
            root = array;
        }
        return new Obj().put(name, root);
    }

    private String name(String prefix, String local) {
        return drop || prefix.isEmpty() ? local : prefix + ":" + local;
    }

    private Value element(XmlInput input, At at) throws BadContentException {
        Obj object = attributes(input, at);
        boolean nil = object.members().get("@xsi:nil") instanceof Text text
                && text.text().equals("true");
        StringBuilder text = null;
        boolean children = false;
        String only = "";
        Event event = input.next();
        while (event == Event.START) {
            if (!input.text().isBlank()) {
                text = text == null ? new StringBuilder() : text;
                text.append(input.text());
            }
            children = true;
            String name = name(input.prefix(), input.local());
            At inner = at.in(name);
            add(object, name, element(input, inner), Paths.isEnd(inner.arrays()));
            event = input.next();
        }
        if (!children) {
            only = input.text();
        } else if (!input.text().isBlank()) {
            text = (text == null ? new StringBuilder() : text).append(input.text());
        }
        if (children && text != null) {
            if (!join) {
                throw input.wrong("a text between elements (expected: elements alone); mixed: join takes it");
            }
            object.put("#text", new Text(text.toString()));
        }
        if (children) {
            return object;
        }
        if (nil && only.isBlank() && object.members().size() == 1) {
            return Nil.NIL;
        }
        Value value = typed(input, at, only);
        if (object.members().isEmpty()) {
            return value;
        }
        return only.isEmpty() ? object : object.put("#text", value);
    }

    private Obj attributes(XmlInput input, At at) throws BadContentException {
        Obj object = new Obj();
        for (int i = 0; i < input.namespaces() && !drop; i++) {
            String prefix = input.declaredPrefix(i);
            object.put(prefix.isEmpty() ? "@xmlns" : "@xmlns:" + prefix, new Text(input.declaredNamespace(i)));
        }
        for (int i = 0; i < input.attributes(); i++) {
            boolean xsi = input.attributeNamespace(i).equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI);
            if (!drop || !xsi || input.attributeLocal(i).equals("nil")) {
                String prefix = xsi ? "xsi" : input.attributePrefix(i);
                String name = "@" + (xsi ? "xsi:" + input.attributeLocal(i) : name(prefix, input.attributeLocal(i)));
                object.put(name, typed(input, at.in(name), input.attribute(i)));
            }
        }
        return object;
    }

    private static void add(Obj object, String name, Value value, boolean array) {
        Value known = object.members().get(name);
        if (known instanceof Arr list) {
            list.items().add(value);
        } else if (known != null || array) {
            Arr list = new Arr();
            if (known != null) {
                list.items().add(known);
            }
            list.items().add(value);
            object.put(name, list);
        } else {
            object.put(name, value);
        }
    }

    private static Value typed(XmlInput input, At at, String text) throws BadContentException {
        if (Paths.isEnd(at.numbers())) {
            if (!NUMBER.matcher(text.strip()).matches()) {
                throw input.wrong("a text (expected: a number)");
            }
            return new Num(text.strip());
        }
        if (Paths.isEnd(at.booleans())) {
            return switch (text.strip()) {
                case "true", "1" -> new Bool(true);
                case "false", "0" -> new Bool(false);
                default -> throw input.wrong("a text (expected: true or false)");
            };
        }
        return new Text(text);
    }
}
