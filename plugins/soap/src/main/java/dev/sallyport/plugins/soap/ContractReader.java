package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.plugins.soap.Contract.Message;
import dev.sallyport.plugins.soap.Contract.Operation;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Reads of a WSDL what one of its ports offers. For one thread. */
final class ContractReader {

    private final Wsdl wsdl;
    private final Model model;

    private ContractReader(Wsdl wsdl, Model model) {
        this.wsdl = wsdl;
        this.model = model;
    }

    /**
     * Reads it.
     *
     * @param service the name of the service; null for the first one with a port of SOAP
     * @param port the name of the port; null for the first one of SOAP
     */
    static Contract read(SoapFiles files, @Nullable String service, @Nullable String port) throws BadFileException {
        Wsdl wsdl = Wsdl.read(files);
        return new ContractReader(wsdl, SchemaCompiler.compile(wsdl.schemas())).contract(files, service, port);
    }

    private Contract contract(SoapFiles files, @Nullable String service, @Nullable String port)
            throws BadFileException {
        List<String> known = new ArrayList<>();
        for (Wsdl.Service each : wsdl.services()) {
            for (org.w3c.dom.Element candidate : Dom.children(each.element(), Wsdl.NAMESPACE, "port")) {
                String name = candidate.getAttribute("name");
                known.add(each.name().getLocalPart() + "/" + name);
                boolean asked = (service == null || service.equals(each.name().getLocalPart()))
                        && (port == null || port.equals(name));
                for (Soap version : asked ? Soap.values() : new Soap[0]) {
                    org.w3c.dom.Element address = Dom.child(candidate, version.binding(), "address");
                    if (address != null) {
                        return contract(each.name(), candidate, version, address.getAttribute("location"));
                    }
                }
            }
        }
        throw new BadFileException(files.main() + ": no such port of SOAP (expected: one of " + known + ")");
    }

    private Contract contract(QName service, org.w3c.dom.Element port, Soap version, String location)
            throws BadFileException {
        QName name = Dom.name(port, "binding");
        org.w3c.dom.Element binding = name == null ? null : wsdl.bindings().get(name);
        QName type = binding == null ? null : Dom.name(binding, "type");
        org.w3c.dom.Element portType = type == null ? null : wsdl.portTypes().get(type);
        if (binding == null || portType == null) {
            throw new BadFileException("the port " + port.getAttribute("name")
                    + " has no binding with a type (expected: both in the WSDL)");
        }
        org.w3c.dom.Element soap = Dom.child(binding, version.binding(), "binding");
        String style = soap == null ? "" : soap.getAttribute("style");
        Map<String, Operation> operations = new LinkedHashMap<>();
        for (org.w3c.dom.Element each : Dom.children(binding, Wsdl.NAMESPACE, "operation")) {
            String operation = each.getAttribute("name");
            org.w3c.dom.Element declared = Dom.children(portType, Wsdl.NAMESPACE, "operation").stream()
                    .filter(candidate -> candidate.getAttribute("name").equals(operation))
                    .findFirst()
                    .orElseThrow(() -> new BadFileException(
                            "the operation " + operation + " is in a binding alone (expected: in its port type too)"));
            operations.put(operation, operation(each, declared, version, style));
        }
        model.compiled();
        return new Contract(model, service, version, location, Collections.unmodifiableMap(operations));
    }

    private Operation operation(
            org.w3c.dom.Element bound, org.w3c.dom.Element declared, Soap version, String bindingStyle)
            throws BadFileException {
        String name = bound.getAttribute("name");
        org.w3c.dom.Element soap = Dom.child(bound, version.binding(), "operation");
        String style = soap == null || soap.getAttribute("style").isEmpty() ? bindingStyle : soap.getAttribute("style");
        boolean rpc = style.equals("rpc");
        Message input = message(bound, declared, "input", version, rpc, name);
        if (input == null) {
            throw new BadFileException("the operation " + name + " has no input (expected: one)");
        }
        Message output = message(bound, declared, "output", version, rpc, name + "Response");
        org.w3c.dom.Element documentation = Dom.child(declared, Wsdl.NAMESPACE, "documentation");
        return new Operation(
                name,
                soap == null ? "" : soap.getAttribute("soapAction"),
                input,
                output,
                faults(declared),
                documentation == null ? "" : documentation.getTextContent().strip());
    }

    private Map<QName, Element> faults(org.w3c.dom.Element declared) throws BadFileException {
        Map<QName, Element> faults = new LinkedHashMap<>();
        for (org.w3c.dom.Element fault : Dom.children(declared, Wsdl.NAMESPACE, "fault")) {
            for (Part part : parts(fault)) {
                if (part.element != null) {
                    faults.put(part.element, model(part.element));
                }
            }
        }
        return faults;
    }

    /** A part of a message: an element or a type. */
    private record Part(
            String name, @Nullable QName element, @Nullable QName type) {}

    private List<Part> parts(org.w3c.dom.Element inPortType) throws BadFileException {
        QName name = Dom.name(inPortType, "message");
        return name == null ? List.of() : parts(name);
    }

    private List<Part> parts(QName name) throws BadFileException {
        org.w3c.dom.Element message = wsdl.messages().get(name);
        if (message == null) {
            throw new BadFileException("the message " + name + " is not there (expected: in the WSDL)");
        }
        List<Part> parts = new ArrayList<>();
        for (org.w3c.dom.Element part : Dom.children(message, Wsdl.NAMESPACE, "part")) {
            parts.add(new Part(part.getAttribute("name"), Dom.name(part, "element"), Dom.name(part, "type")));
        }
        return parts;
    }

    private @Nullable Message message(
            org.w3c.dom.Element bound,
            org.w3c.dom.Element declared,
            String way,
            Soap version,
            boolean rpc,
            String wrapper)
            throws BadFileException {
        org.w3c.dom.Element inPortType = Dom.child(declared, Wsdl.NAMESPACE, way);
        org.w3c.dom.Element inBinding = Dom.child(bound, Wsdl.NAMESPACE, way);
        if (inPortType == null) {
            return null;
        }
        List<Part> parts = new ArrayList<>(parts(inPortType));
        List<Element> headers = new ArrayList<>();
        org.w3c.dom.Element body = inBinding == null ? null : Dom.child(inBinding, version.binding(), "body");
        if (body != null && body.getAttribute("use").equals("encoded")) {
            throw new BadFileException("the operation " + bound.getAttribute("name")
                    + " is rpc/encoded (expected: literal, as WS-I Basic Profile has it)");
        }
        if (inBinding != null) {
            for (org.w3c.dom.Element header : Dom.children(inBinding, version.binding(), "header")) {
                headers.add(header(header));
                boolean same = java.util.Objects.equals(Dom.name(header, "message"), Dom.name(inPortType, "message"));
                parts.removeIf(part -> same && part.name.equals(header.getAttribute("part")));
            }
        }
        if (body != null && body.hasAttribute("parts")) {
            List<String> named =
                    Arrays.asList(body.getAttribute("parts").strip().split("\\s+"));
            parts.removeIf(part -> !named.contains(part.name));
        }
        if (rpc) {
            // It must be there (WS-I Basic Profile, R2717); where it is not, others take that of the definitions.
            String namespace = body == null || !body.hasAttribute("namespace")
                    ? declared.getOwnerDocument().getDocumentElement().getAttribute("targetNamespace")
                    : body.getAttribute("namespace");
            return new Message(wrapped(new QName(namespace, wrapper), parts), List.copyOf(headers));
        }
        if (parts.size() > 1) {
            throw new BadFileException("the operation " + bound.getAttribute("name") + " has " + parts.size()
                    + " parts in one body (expected: one at most, as WS-I Basic Profile has it)");
        }
        return new Message(parts.isEmpty() ? null : element(parts.getFirst()), List.copyOf(headers));
    }

    private Element header(org.w3c.dom.Element header) throws BadFileException {
        QName message = Dom.name(header, "message");
        for (Part part : message == null ? List.<Part>of() : parts(message)) {
            if (part.name.equals(header.getAttribute("part"))) {
                return element(part);
            }
        }
        throw new BadFileException(
                "a header has no such part: " + header.getAttribute("part") + " (expected: one of its message)");
    }

    private Element element(Part part) throws BadFileException {
        if (part.element != null) {
            return model(part.element);
        }
        throw new BadFileException("the part " + part.name + " of a document has no element (expected: one)");
    }

    private Element model(QName name) throws BadFileException {
        Element element = model.elements().get(name);
        if (element == null) {
            throw new BadFileException("the element " + name + " is not declared (expected: in a schema of the WSDL)");
        }
        return element;
    }

    /** What stands in a body of style rpc: an element around the parts, which have no namespace (WS-I BP 1.1, R2735). */
    private Element wrapped(QName name, List<Part> parts) throws BadFileException {
        List<Particle> uses = new ArrayList<>();
        for (Part part : parts) {
            Element element;
            if (part.type != null) {
                Type type = model.type(part.type);
                if (type == null) {
                    throw new BadFileException("the type " + part.type + " is not there (expected: in the WSDL)");
                }
                element = new Element(new QName(part.name), part.name, part.name, false, false, type, null);
            } else {
                element = element(part);
            }
            uses.add(new Use(element, 1, 1, false, false));
        }
        Complex type = new Complex(null, false);
        if (!uses.isEmpty()) {
            type.content(new Content.Elements(new Group(Order.SEQUENCE, uses, 1, 1, null)));
        }
        return new Element(name, name.getLocalPart(), model.tag(name), false, false, type, null);
    }
}
