package dev.sallyport.plugins.soap;

import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.soap.Contract.Message;
import dev.sallyport.xml.JsonPlace;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlFragment;
import dev.sallyport.xml.XmlOutput;
import dev.sallyport.xml.XmlOutput.UnfitCharacterException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes envelopes of SOAP. Immutable and thread-safe. */
final class EnvelopeWriter {

    /** The member of JSON that holds the blocks of the header. */
    static final String HEADERS_KEY = "#headers";

    /** What an envelope may have beside what is written anew: declarations, and blocks of the settings. */
    private static final long LEAST = 64 * 1024;

    private final Model model;
    private final boolean strict;
    private final boolean allHeaders;
    private final int maxDepth;
    private final long most;
    private final String declarations;

    /**
     * @param strict whether members that are not declared are errors
     * @param allHeaders whether blocks of the header may be given as XML
     * @param maxBody the most bytes of what is written anew, which may become several times as much
     */
    EnvelopeWriter(Model model, boolean strict, boolean allHeaders, int maxDepth, long maxBody) {
        this.model = model;
        this.strict = strict;
        this.allHeaders = allHeaders;
        this.maxDepth = maxDepth;
        most = Math.min(8 * maxBody, 1L << 30);
        declarations = model.declarations();
    }

    /**
     * Writes one.
     *
     * @param body the value of what stands in its body, perhaps with the blocks of its header in it
     * @param blocks further blocks of the header, as XML
     * @throws MismatchException where the value is not as declared
     */
    byte[] write(Soap version, Message message, Value body, String blocks) throws MismatchException {
        XmlOutput out = begin(version);
        Value content = body;
        Obj headers = null;
        if (body instanceof Obj object && object.members().get(HEADERS_KEY) instanceof Obj given) {
            headers = given;
            Obj rest = new Obj();
            rest.members().putAll(object.members());
            rest.members().remove(HEADERS_KEY);
            Value text = rest.members().get(XmlToJson.TEXT_KEY);
            boolean alone = rest.members().size() == 1
                    && message.body() != null
                    && message.body().type() instanceof Simple;
            content = alone && text != null ? text : rest;
        }
        if (headers != null || !blocks.isEmpty()) {
            out.raw("<s:Header>").raw(blocks);
            if (headers != null) {
                headers(headers, message.headers(), out);
            }
            out.raw("</s:Header>");
        }
        out.raw("<s:Body>");
        Element element = message.body();
        if (element != null) {
            new JsonToXml(model, out, strict, maxDepth).write(element, content);
        }
        return out.raw("</s:Body></s:Envelope>").toBytes();
    }

    private XmlOutput begin(Soap version) {
        return new XmlOutput(LEAST + most)
                .raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope xmlns:s=\"")
                .raw(version.envelope())
                .raw("\"")
                .raw(declarations)
                .raw(">");
    }

    private void headers(Obj headers, List<Element> declared, XmlOutput out) throws MismatchException {
        for (Map.Entry<String, Value> each : headers.members().entrySet()) {
            JsonPlace path = new JsonPlace();
            path.push(HEADERS_KEY);
            path.push(each.getKey());
            if (each.getKey().equals(XmlToJson.XML_KEY) && allHeaders) {
                for (Value block : each.getValue() instanceof Arr array ? array.items() : List.of(each.getValue())) {
                    out.raw(xml(block, path));
                }
                continue;
            }
            Element element = declared.stream()
                    .filter(candidate -> candidate.key().equals(each.getKey()))
                    .findFirst()
                    .orElseThrow(() -> path.wrong("a header that is not declared (expected: one of the WSDL's)"));
            try {
                new JsonToXml(model, out, strict, maxDepth).write(element, each.getValue());
            } catch (MismatchException e) {
                throw new MismatchException(e.reason(), path + (e.pointer() == null ? "" : e.pointer()));
            }
        }
    }

    private String xml(Value block, JsonPlace path) throws MismatchException {
        if (!(block instanceof Text text)) {
            throw path.wrong(block.kind() + " (expected: XML, as a text)");
        }
        try {
            return XmlFragment.checked(text.text(), maxDepth);
        } catch (BadContentException e) {
            throw path.wrong("no XML: " + e.problem().detail());
        }
    }

    /**
     * Writes one with a fault.
     *
     * @param code as SOAP 1.1 has it: {@code Client}, {@code Server}, {@code MustUnderstand}
     * @param detail what stands in its detail: a declared element with a value, else XML
     */
    byte[] fault(Soap version, String code, String reason, @Nullable Element detail, @Nullable Value value, String xml)
            throws MismatchException {
        XmlOutput out = begin(version).raw("<s:Body><s:Fault>");
        boolean old = version == Soap.V1_1;
        try {
            if (old) {
                out.raw("<faultcode>s:").raw(code).raw("</faultcode>");
                out.raw("<faultstring>").text(printable(reason)).raw("</faultstring>");
            } else {
                out.raw("<s:Code><s:Value>s:").raw(newer(code)).raw("</s:Value></s:Code>");
                out.raw("<s:Reason><s:Text xml:lang=\"en\">")
                        .text(printable(reason))
                        .raw("</s:Text></s:Reason>");
            }
        } catch (UnfitCharacterException e) {
            throw new IllegalStateException("made printable before", e);
        }
        boolean any = detail != null || !xml.isEmpty();
        out.raw(any ? old ? "<detail>" : "<s:Detail>" : "");
        if (detail != null && value != null) {
            new JsonToXml(model, out, false, maxDepth).write(detail, value);
        }
        out.raw(xml).raw(any ? old ? "</detail>" : "</s:Detail>" : "");
        return out.raw("</s:Fault></s:Body></s:Envelope>").toBytes();
    }

    private static String newer(String code) {
        return switch (code) {
            case "Client" -> "Sender";
            case "Server" -> "Receiver";
            default -> code;
        };
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]", " ");
    }
}
