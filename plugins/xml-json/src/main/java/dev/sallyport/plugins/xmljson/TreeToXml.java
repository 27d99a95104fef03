package dev.sallyport.plugins.xmljson;

import dev.sallyport.xml.JsonPlace;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Num;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlNames;
import dev.sallyport.xml.XmlOutput;
import dev.sallyport.xml.XmlOutput.UnfitCharacterException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes XML of a value of JSON. For one thread. */
final class TreeToXml {

    private static final String DECLARATION = "@xmlns:";
    private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";

    private final XmlOutput out = new XmlOutput();
    private final JsonPlace place = new JsonPlace();
    /** How often each prefix is declared around. */
    private final Map<String, Integer> prefixes = new HashMap<>(Map.of("xml", 1));

    private final @Nullable String root;
    private final String item;

    private TreeToXml(@Nullable String root, String item) {
        this.root = root;
        this.item = item;
    }

    /**
     * Makes it.
     *
     * @throws MismatchException where XML cannot have it
     */
    static byte[] write(Value value, XmlJsonConfig config) throws MismatchException {
        TreeToXml writer = new TreeToXml(config.root(), config.item());
        writer.out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        writer.document(value);
        return writer.out.toBytes();
    }

    private void document(Value value) throws MismatchException {
        if (value instanceof Obj object && object.members().size() == 1) {
            Map.Entry<String, Value> only =
                    object.members().entrySet().iterator().next();
            boolean single =
                    !(only.getValue() instanceof Arr array) || array.items().size() == 1;
            if (single && !only.getKey().startsWith("@") && !only.getKey().startsWith("#")) {
                place.push(only.getKey());
                Value root =
                        only.getValue() instanceof Arr array ? array.items().getFirst() : only.getValue();
                element(only.getKey(), root);
                place.pop();
                return;
            }
        }
        if (root == null) {
            throw place.wrong(
                    value.kind() + " that is no root (expected: an object with a single member); root names one");
        }
        element(root, value);
    }

    private void element(String name, Value value) throws MismatchException {
        if (value instanceof Arr array) {
            out.raw("<").raw(checked(name)).raw(">");
            for (int i = 0; i < array.items().size(); i++) {
                place.push(i);
                element(item, array.items().get(i));
                place.pop();
            }
            out.raw("</").raw(name).raw(">");
            return;
        }
        Obj object = value instanceof Obj members ? members : null;
        if (object != null) {
            declare(object, 1);
        }
        out.raw("<").raw(checked(name));
        if (object == null) {
            scalar(value, value == Nil.NIL);
        } else {
            members(object);
        }
        out.raw("</").raw(name).raw(">");
        if (object != null) {
            declare(object, -1);
        }
    }

    private void scalar(Value value, boolean nil) throws MismatchException {
        if (nil) {
            attribute("xmlns:xsi", XSI);
            attribute("xsi:nil", "true");
        }
        out.raw(">");
        if (!nil) {
            text(value);
        }
    }

    private void declare(Obj object, int more) {
        for (String key : object.members().keySet()) {
            if (key.startsWith(DECLARATION)) {
                prefixes.merge(key.substring(DECLARATION.length()), more, Integer::sum);
            } else if (key.equals("@xsi:nil")) {
                prefixes.merge("xsi", more, Integer::sum);
            }
        }
    }

    private void members(Obj object) throws MismatchException {
        for (Map.Entry<String, Value> member : object.members().entrySet()) {
            String key = member.getKey();
            if (key.startsWith("@")) {
                place.push(key);
                String name = key.substring(1);
                boolean declaration = name.equals("xmlns") || name.startsWith("xmlns:");
                if (name.equals("xsi:nil") && !object.members().containsKey("@xmlns:xsi")) {
                    attribute("xmlns:xsi", XSI);
                }
                String text = string(member.getValue());
                if (declaration && name.length() > 6 && text.isEmpty()) {
                    throw place.wrong("nothing (expected: a namespace)");
                }
                attribute(declaration ? checkedDeclaration(name) : checked(name), text);
                place.pop();
            }
        }
        out.raw(">");
        for (Map.Entry<String, Value> member : object.members().entrySet()) {
            String key = member.getKey();
            place.push(key);
            if (key.equals("#text")) {
                text(member.getValue());
            } else if (!key.startsWith("@")) {
                children(key, member.getValue());
            }
            place.pop();
        }
    }

    private void children(String name, Value value) throws MismatchException {
        if (!(value instanceof Arr array)) {
            element(name, value);
            return;
        }
        for (int i = 0; i < array.items().size(); i++) {
            place.push(i);
            if (array.items().get(i) instanceof Arr) {
                throw place.wrong("an array in an array (expected: an object between them)");
            }
            element(name, array.items().get(i));
            place.pop();
        }
    }

    private String checked(String name) throws MismatchException {
        int colon = name.indexOf(':');
        String prefix = colon < 0 ? "" : name.substring(0, colon);
        if (!XmlNames.isName(name.substring(colon + 1)) || (colon >= 0 && !XmlNames.isName(prefix))) {
            throw place.wrong("a name that XML cannot have (expected: letters, digits, and - . _ after the first one)");
        }
        if (colon >= 0 && prefixes.getOrDefault(prefix, 0) <= 0) {
            throw place.wrong("a prefix that is not declared (expected: @xmlns:" + prefix + " there or around)");
        }
        return name;
    }

    private String checkedDeclaration(String name) throws MismatchException {
        String prefix = name.startsWith("xmlns:") ? name.substring("xmlns:".length()) : "p";
        if (!XmlNames.isName(prefix) || prefix.equals("xml") || prefix.equals("xmlns")) {
            throw place.wrong("a prefix that cannot be declared (expected: another one)");
        }
        return name;
    }

    private String string(Value value) throws MismatchException {
        return switch (value) {
            case Text text -> text.text();
            case Num number -> number.text();
            case Bool bool -> Boolean.toString(bool.is());
            case Nil _ -> "";
            default -> throw place.wrong(value.kind() + " (expected: a text)");
        };
    }

    private void text(Value value) throws MismatchException {
        try {
            out.text(string(value));
        } catch (UnfitCharacterException e) {
            throw place.wrong(String.valueOf(e.getMessage()));
        }
    }

    private void attribute(String name, String value) throws MismatchException {
        try {
            out.attribute(name, value);
        } catch (UnfitCharacterException e) {
            throw place.wrong(String.valueOf(e.getMessage()));
        }
    }
}
