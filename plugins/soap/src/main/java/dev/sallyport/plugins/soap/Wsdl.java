package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import org.apache.ws.commons.schema.XmlSchemaCollection;
import org.apache.ws.commons.schema.XmlSchemaException;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What the files of a WSDL 1.1 hold: its parts by their names, and its schemas. For one thread. */
final class Wsdl {

    static final String NAMESPACE = "http://schemas.xmlsoap.org/wsdl/";

    private static final String XML_SCHEMA = BuiltIn.NAMESPACE;
    static final String XML_ATTRIBUTES = """
        <schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
          <attribute name="lang" type="string"/>
          <attribute name="space" type="string"/>
          <attribute name="base" type="anyURI"/>
          <attribute name="id" type="ID"/>
        </schema>
        """;

    private final SoapFiles files;
    private final Set<Path> seen = new HashSet<>();
    private final Map<QName, Element> messages = new HashMap<>();
    private final Map<QName, Element> portTypes = new HashMap<>();
    private final Map<QName, Element> bindings = new HashMap<>();
    private final List<Service> services = new ArrayList<>();
    private final XmlSchemaCollection schemas = new XmlSchemaCollection();
    private int inline;

    /** A service, and its element. */
    record Service(QName name, Element element) {}

    private static final class Unresolved extends RuntimeException {

        private static final long serialVersionUID = 1;

        Unresolved(String message) {
            super(message, null, false, false);
        }
    }

    private Wsdl(SoapFiles files) {
        this.files = files;
        schemas.setSchemaResolver(this::resolve);
    }

    /** Reads a WSDL and what it imports. */
    static Wsdl read(SoapFiles files) throws BadFileException {
        Wsdl wsdl = new Wsdl(files);
        wsdl.add(files.main());
        return wsdl;
    }

    private void add(Path file) throws BadFileException {
        if (!seen.add(file)) {
            return;
        }
        Element root = files.read(file).getDocumentElement();
        if (XML_SCHEMA.equals(root.getNamespaceURI()) && "schema".equals(root.getLocalName())) {
            schema(root, file.toString());
            return;
        }
        if (!NAMESPACE.equals(root.getNamespaceURI()) || !"definitions".equals(root.getLocalName())) {
            throw new BadFileException(file + ": {" + root.getNamespaceURI() + "}" + root.getLocalName()
                    + " (expected: definitions of WSDL 1.1); a WSDL 2.0 is not read");
        }
        for (Element each : Dom.children(root, NAMESPACE, "import")) {
            if (each.hasAttribute("location")) {
                add(files.resolve(file, each.getAttribute("location")));
            }
        }
        for (Element types : Dom.children(root, NAMESPACE, "types")) {
            for (Element schema : Dom.children(types, XML_SCHEMA, "schema")) {
                schema(schema, file + "#" + ++inline);
            }
        }
        String target = root.getAttribute("targetNamespace");
        named(root, "message", target, messages);
        named(root, "portType", target, portTypes);
        named(root, "binding", target, bindings);
        for (Element each : Dom.children(root, NAMESPACE, "service")) {
            services.add(new Service(new QName(target, each.getAttribute("name")), each));
        }
    }

    private static void named(Element root, String kind, String target, Map<QName, Element> into) {
        for (Element each : Dom.children(root, NAMESPACE, kind)) {
            into.put(new QName(target, each.getAttribute("name")), each);
        }
    }

    private void schema(Element schema, String id) throws BadFileException {
        try {
            schemas.read(schema, id);
        } catch (Unresolved e) {
            throw new BadFileException(String.valueOf(e.getMessage()));
        } catch (XmlSchemaException e) {
            throw new BadFileException(id + ": " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new BadFileException(id + ": it is nested too deep (expected: less)");
        }
    }

    /** The library asks for each import and include; it gets what was seen to be without a DTD. */
    private InputSource resolve(String namespace, String location, String base) {
        if (XMLConstants.XML_NS_URI.equals(namespace)) {
            return source(new InputSource(new StringReader(XML_ATTRIBUTES)), XMLConstants.XML_NS_URI);
        }
        try {
            int hash = base == null ? -1 : base.indexOf('#');
            Path from = base == null ? files.main() : Path.of(hash < 0 ? base : base.substring(0, hash));
            Path file = files.resolve(from, location);
            files.read(file);
            return source(new InputSource(file.toUri().toString()), file.toString());
        } catch (BadFileException e) {
            throw new Unresolved(e.reason());
        }
    }

    private static InputSource source(InputSource source, String id) {
        if (source.getCharacterStream() == null) {
            try {
                source.setByteStream(new java.io.ByteArrayInputStream(java.nio.file.Files.readAllBytes(Path.of(id))));
            } catch (java.io.IOException e) {
                throw new Unresolved(id + " cannot be read: " + e.getMessage());
            }
        }
        source.setSystemId(id);
        return source;
    }

    Map<QName, Element> messages() {
        return messages;
    }

    Map<QName, Element> portTypes() {
        return portTypes;
    }

    Map<QName, Element> bindings() {
        return bindings;
    }

    List<Service> services() {
        return services;
    }

    /** What its schemas declare. */
    SchemaParts schemas() {
        return SchemaParts.of(schemas.getXmlSchemas());
    }
}
