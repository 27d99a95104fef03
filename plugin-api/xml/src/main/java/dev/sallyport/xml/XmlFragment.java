package dev.sallyport.xml;

import dev.sallyport.json.BadContentException;
import dev.sallyport.xml.XmlInput.Event;
import dev.sallyport.xml.XmlOutput.UnfitCharacterException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;

/** Parts of documents as text that stands for itself: each prefix that its names have is declared in it. */
public final class XmlFragment {

    private static final String WRAP = "w";

    private final XmlInput input;
    private final XmlOutput out = new XmlOutput();
    private final Map<String, String> scope = new HashMap<>();
    /** What the declarations of each open element have hidden: prefix and namespace in turn. */
    private final Deque<List<String>> hidden = new ArrayDeque<>();

    private final Deque<String> names = new ArrayDeque<>();

    private XmlFragment(XmlInput input) {
        this.input = input;
        scope.put("xml", XMLConstants.XML_NS_URI);
    }

    /** The element whose start tag was read, with all in it; the input stands at its end tag then. */
    public static String element(XmlInput input) throws BadContentException {
        XmlFragment fragment = new XmlFragment(input);
        fragment.start();
        fragment.rest();
        return fragment.out.toString();
    }

    /** What is inside of the element whose start tag was read; the input stands at its end tag then. */
    public static String content(XmlInput input) throws BadContentException {
        XmlFragment fragment = new XmlFragment(input);
        fragment.names.push("");
        fragment.rest();
        return fragment.out.toString();
    }

    /**
     * Such a text, read and written anew, so that nothing but well-formed content comes through.
     *
     * @throws BadContentException where it is none; line and column are those in the text
     */
    public static String checked(String text, int maxDepth) throws BadContentException {
        XmlInput input = XmlInput.of(
                ("<" + WRAP + ">" + text + "</" + WRAP + ">").getBytes(StandardCharsets.UTF_8), "utf-8", maxDepth);
        input.next();
        String content = content(input);
        if (input.next() != Event.DONE) {
            throw input.wrong("more than one piece of XML");
        }
        return content;
    }

    private void rest() throws BadContentException {
        while (!names.isEmpty()) {
            Event event = input.next();
            try {
                out.text(input.text());
            } catch (UnfitCharacterException e) {
                throw input.wrong(String.valueOf(e.getMessage()));
            }
            if (event == Event.START) {
                start();
            } else if (event == Event.END) {
                String name = names.pop();
                if (!name.isEmpty()) {
                    List<String> before = hidden.pop();
                    for (int i = 0; i < before.size(); i += 2) {
                        scope.put(before.get(i), before.get(i + 1));
                    }
                    out.raw("</").raw(name).raw(">");
                }
            } else {
                throw input.wrong("an end (expected: an end tag before it)");
            }
        }
    }

    private void start() throws BadContentException {
        List<String> before = new ArrayList<>(0);
        String name = qualified(input.prefix(), input.local());
        out.raw("<").raw(name);
        names.push(name);
        for (int i = 0; i < input.namespaces(); i++) {
            declare(input.declaredPrefix(i), input.declaredNamespace(i), before);
        }
        declare(input.prefix(), input.namespace(), before);
        for (int i = 0; i < input.attributes(); i++) {
            if (!input.attributePrefix(i).isEmpty()) {
                declare(input.attributePrefix(i), input.attributeNamespace(i), before);
            }
        }
        try {
            for (int i = 0; i < input.attributes(); i++) {
                out.attribute(qualified(input.attributePrefix(i), input.attributeLocal(i)), input.attribute(i));
            }
        } catch (UnfitCharacterException e) {
            throw input.wrong(String.valueOf(e.getMessage()));
        }
        hidden.push(before);
        out.raw(">");
    }

    private void declare(String prefix, String namespace, List<String> before) throws BadContentException {
        String outer = scope.getOrDefault(prefix, "");
        if (outer.equals(namespace)) {
            return;
        }
        before.add(prefix);
        before.add(outer);
        scope.put(prefix, namespace);
        input.repeats(prefix.length() + namespace.length() + "xmlns:=\"\" ".length());
        try {
            out.attribute(prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix, namespace);
        } catch (UnfitCharacterException e) {
            throw input.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static String qualified(String prefix, String local) {
        return prefix.isEmpty() ? local : prefix + ":" + local;
    }
}
