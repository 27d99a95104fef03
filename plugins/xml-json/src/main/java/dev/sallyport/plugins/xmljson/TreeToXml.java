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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;

/** Makes XML of a value of JSON. For one thread. */
final class TreeToXml {

    private static final String DECLARATION = "@xmlns:";
    private static final int LONGEST_NAME = 1_000;
    private static final String NIL = "@xsi:nil";
    private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";

    private final XmlOutput out;
    private final JsonPlace place = new JsonPlace();
    /** What each prefix stands for: the last declaration around, behind it those that it hides. */
    private final Map<String, Deque<String>> prefixes = new HashMap<>();

    private final @Nullable String root;
    private final String item;

    private TreeToXml(@Nullable String root, String item, long most) {
        out = new XmlOutput(most);
        this.root = root;
        this.item = item;
        declare("xml", XMLConstants.XML_NS_URI);
    }

    /**
     * Makes it.
     *
     * @throws MismatchException where XML cannot have it
     */
    static byte[] write(Value value, XmlJsonConfig config) throws MismatchException {
        TreeToXml writer = new TreeToXml(
                config.root(), config.item(), Math.min(8 * config.maxBody().bytes(), 1L << 30));
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
        if (out.isTooLong()) {
            throw place.wrong("more XML than " + out.most() + " characters (expected: less)");
        }
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
            declareAll(object);
        }
        out.raw("<").raw(checked(name));
        if (object == null) {
            scalar(value, value == Nil.NIL);
        } else {
            members(object);
        }
        out.raw("</").raw(name).raw(">");
        if (object != null) {
            forgetAll(object);
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

    private void declareAll(Obj object) throws MismatchException {
        for (Map.Entry<String, Value> member : object.members().entrySet()) {
            String prefix = declared(object, member.getKey());
            if (prefix != null) {
                place.push(member.getKey());
                declare(prefix, member.getKey().equals(NIL) ? XSI : string(member.getValue()));
                place.pop();
            }
        }
    }

    private void declare(String prefix, String namespace) {
        prefixes.computeIfAbsent(prefix, _ -> new ArrayDeque<>()).push(namespace);
    }

    private void forgetAll(Obj object) {
        for (String key : object.members().keySet()) {
            String prefix = declared(object, key);
            Deque<String> namespaces = prefix == null ? null : prefixes.get(prefix);
            if (namespaces != null) {
                namespaces.pop();
            }
        }
    }

    /** The prefix that a member declares, itself or because it needs one; null for none. */
    private static @Nullable String declared(Obj object, String key) {
        if (key.equals(NIL) && !object.members().containsKey(DECLARATION + "xsi")) {
            return "xsi";
        }
        return key.startsWith(DECLARATION) ? key.substring(DECLARATION.length()) : null;
    }

    private String expanded(String name) {
        int colon = name.indexOf(':');
        Deque<String> namespaces = prefixes.get(name.substring(0, colon));
        String namespace = namespaces == null ? null : namespaces.peek();
        return "{" + namespace + "}" + name.substring(colon + 1);
    }

    private void members(Obj object) throws MismatchException {
        Set<String> there = new HashSet<>();
        for (Map.Entry<String, Value> member : object.members().entrySet()) {
            String key = member.getKey();
            if (key.startsWith("@")) {
                place.push(key);
                String name = key.substring(1);
                boolean declaration = name.equals("xmlns") || name.startsWith("xmlns:");
                if (key.equals(NIL) && !object.members().containsKey(DECLARATION + "xsi")) {
                    attribute("xmlns:xsi", XSI);
                }
                String text = string(member.getValue());
                if (declaration && !XmlNames.isNamespace(text) && !(text.isEmpty() && name.equals("xmlns"))) {
                    throw place.wrong("nothing, or a namespace that has its prefix (expected: another namespace)");
                }
                if (name.indexOf(':') > 0 && !declaration && !there.add(expanded(name))) {
                    throw place.wrong("an attribute that is there by another prefix (expected: once)");
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
        if (name.length() > LONGEST_NAME) {
            throw place.wrong("a name longer than " + LONGEST_NAME + " characters (expected: shorter)");
        }
        int colon = name.indexOf(':');
        String prefix = colon < 0 ? "" : name.substring(0, colon);
        if (!XmlNames.isName(name.substring(colon + 1)) || (colon >= 0 && !XmlNames.isName(prefix))) {
            throw place.wrong("a name that XML cannot have (expected: letters, digits, and - . _ after the first one)");
        }
        if (colon >= 0 && !isDeclared(prefix)) {
            throw place.wrong("a prefix that is not declared (expected: @xmlns:" + prefix + " there or around)");
        }
        return name;
    }

    private boolean isDeclared(String prefix) {
        Deque<String> namespaces = prefixes.get(prefix);
        return namespaces != null && !namespaces.isEmpty();
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
