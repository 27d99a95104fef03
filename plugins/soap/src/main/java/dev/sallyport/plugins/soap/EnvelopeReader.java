package dev.sallyport.plugins.soap;

import dev.sallyport.api.Problem;
import dev.sallyport.json.BadContentException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlFragment;
import dev.sallyport.xml.XmlInput;
import dev.sallyport.xml.XmlInput.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Reads envelopes of SOAP. For one thread. */
final class EnvelopeReader {

    private final Model model;
    private final int maxDepth;
    private final boolean strict;
    private final Predicate<QName> kept;

    /**
     * @param strict whether it is an error that something is missing
     * @param kept whether the text of a block of that name will be asked for
     */
    EnvelopeReader(Model model, int maxDepth, boolean strict, Predicate<QName> kept) {
        this.model = model;
        this.maxDepth = maxDepth;
        this.strict = strict;
        this.kept = kept;
    }

    /**
     * What an envelope holds.
     *
     * @param name of the element in its body; null where that is empty
     * @param body its value; null where the body is empty, or holds a fault
     */
    record Envelope(
            Soap version,
            List<Block> headers,
            @Nullable QName name,
            @Nullable Value body,
            @Nullable Fault fault) {}

    /**
     * A block of a header.
     *
     * @param xml the block itself; empty where it is not kept
     * @param must whether who gets it must understand it, and that is us
     */
    record Block(QName name, String xml, boolean must) {}

    /** Says which element is expected in a body by the name of the one that is there. */
    interface Expected {
        /** The element of that name; null where none is expected. */
        @Nullable
        Element named(QName name);
    }

    /**
     * Reads one.
     *
     * @param faults the elements of details that are declared
     * @throws BadContentException where it is none, with line and column
     */
    Envelope read(byte[] xml, @Nullable String charset, Expected expected, Map<QName, Element> faults)
            throws BadContentException {
        XmlInput input = XmlInput.of(xml, charset, maxDepth);
        input.next();
        boolean isEnvelope = input.local().equals("Envelope");
        Soap version = isEnvelope ? Soap.ofEnvelope(input.namespace()) : null;
        if (version == null && isEnvelope) {
            throw new BadContentException(new Problem(400, SoapAnswers.VERSION_MISMATCH, "Another version of SOAP")
                    .withDetail("the Envelope is in another namespace (expected: that of SOAP 1.1 or 1.2)"));
        }
        if (version == null) {
            throw input.wrong("<" + input.local() + "> (expected: an Envelope of SOAP 1.1 or 1.2)");
        }
        List<Block> headers = new ArrayList<>();
        Event event = input.next();
        if (event == Event.START && isNamed(input, version, "Header")) {
            while (input.next() == Event.START) {
                headers.add(block(input, version));
            }
            event = input.next();
        }
        if (event != Event.START || !isNamed(input, version, "Body")) {
            throw input.wrong("no Body (expected: one in the Envelope)");
        }
        boolean empty = input.next() == Event.END;
        Envelope envelope = empty
                ? new Envelope(version, headers, null, null, null)
                : body(input, version, headers, expected, faults);
        if (!empty && input.next() != Event.END) {
            throw input.wrong("<" + input.local() + "> after what stands in the Body (expected: one element alone)");
        }
        Event end = input.next();
        while (end == Event.START) { // SOAP 1.1 lets other elements follow
            input.skip();
            end = input.next();
        }
        if (input.next() != Event.DONE) {
            throw input.wrong("more after the Envelope (expected: the end)");
        }
        return envelope;
    }

    private Envelope body(
            XmlInput input, Soap version, List<Block> headers, Expected expected, Map<QName, Element> faults)
            throws BadContentException {
        if (isNamed(input, version, "Fault")) {
            Fault fault = new FaultReader(model, input, version, faults).read();
            return new Envelope(version, headers, null, null, fault);
        }
        QName name = new QName(input.namespace(), input.local());
        Element element = expected.named(name);
        if (element == null) {
            throw input.wrong("<" + input.local() + "> in the Body (expected: an element of the WSDL's)");
        }
        Value value = new XmlToJson(model, input, strict).read(element);
        return new Envelope(version, headers, name, value, null);
    }

    private static boolean isNamed(XmlInput input, Soap version, String local) {
        return input.local().equals(local) && input.namespace().equals(version.envelope());
    }

    private Block block(XmlInput input, Soap version) throws BadContentException {
        String must = input.attribute(version.envelope(), "mustUnderstand");
        boolean musts = ("1".equals(must) || "true".equals(must)) && version.isForUs(input);
        QName name = new QName(input.namespace(), input.local());
        if (kept.test(name)) {
            return new Block(name, XmlFragment.element(input), musts);
        }
        input.skip();
        return new Block(name, "", musts);
    }

    /**
     * Puts what headers hold into JSON: those that are declared as their types have them, others as XML, where they are asked
     * for.
     *
     * @return null where there is none
     */
    @Nullable
    Obj headers(List<Block> blocks, List<Element> declared, boolean all) throws BadContentException {
        Obj headers = new Obj();
        Arr others = new Arr();
        for (Block block : blocks) {
            Element element = declared.stream()
                    .filter(each -> each.name().equals(block.name()))
                    .findFirst()
                    .orElse(null);
            if (element != null) {
                XmlInput input = XmlInput.of(block.xml().getBytes(StandardCharsets.UTF_8), "utf-8", maxDepth);
                input.next();
                headers.put(element.key(), new XmlToJson(model, input, false).read(element));
            } else if (all) {
                others.items().add(new Text(block.xml()));
            }
        }
        if (!others.items().isEmpty()) {
            headers.put(XmlToJson.XML_KEY, others);
        }
        return headers.members().isEmpty() ? null : headers;
    }
}
