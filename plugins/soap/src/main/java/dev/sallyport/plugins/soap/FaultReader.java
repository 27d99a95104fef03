package dev.sallyport.plugins.soap;

import dev.sallyport.json.BadContentException;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlFragment;
import dev.sallyport.xml.XmlInput;
import dev.sallyport.xml.XmlInput.Event;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.xml.namespace.QName;

/** Reads a fault, of either version. For one thread. */
final class FaultReader {

    private final Model model;
    private final XmlInput input;
    private final Soap version;
    private final Map<QName, Element> declared;
    private String code = "";
    private String side = "";
    private String reason = "";
    private Obj detail = new Obj();
    private final Set<String> names = new LinkedHashSet<>();

    /** @param input at the start tag of the fault */
    FaultReader(Model model, XmlInput input, Soap version, Map<QName, Element> declared) {
        this.model = model;
        this.input = input;
        this.version = version;
        this.declared = declared;
    }

    /** The fault; the input is at its end tag then. */
    Fault read() throws BadContentException {
        while (input.next() == Event.START) {
            switch (input.local()) {
                case "faultcode" -> code(text());
                case "faultstring" -> reason = text();
                case "Code" -> codes();
                case "Reason" -> reasons();
                case "detail", "Detail" -> detail();
                default -> input.skip();
            }
        }
        return new Fault(Fault.side(side), code, reason, detail, names);
    }

    private void code(String name) {
        String local = name.substring(name.indexOf(':') + 1);
        side = side.isEmpty() ? local : side;
        code = code.isEmpty() ? local : code + "/" + local;
    }

    /** Of SOAP 1.2: a value, and subcodes within each other. */
    private void codes() throws BadContentException {
        while (input.next() == Event.START) {
            if (input.local().equals("Value")) {
                code(text());
            } else {
                codes();
            }
        }
    }

    private void reasons() throws BadContentException {
        while (input.next() == Event.START) {
            String text = text();
            reason = reason.isEmpty() ? text : reason;
        }
    }

    private void detail() throws BadContentException {
        Obj read = new Obj();
        Arr others = new Arr();
        while (input.next() == Event.START) {
            Element element = declared.get(new QName(input.namespace(), input.local()));
            names.add(element == null ? input.local() : element.key());
            if (element == null) {
                others.items().add(new Text(XmlFragment.element(input)));
            } else {
                read.put(element.key(), new XmlToJson(model, input, false).read(element));
            }
        }
        if (!others.items().isEmpty()) {
            read.put(XmlToJson.ANY_KEY, others);
        }
        detail = read;
    }

    private String text() throws BadContentException {
        if (input.next() != Event.END) {
            throw input.wrong("<" + input.local() + "> in a part of a fault of " + version + " (expected: a text)");
        }
        return input.text().strip();
    }
}
