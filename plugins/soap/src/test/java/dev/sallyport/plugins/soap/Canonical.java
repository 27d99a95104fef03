package dev.sallyport.plugins.soap;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * The canonical form of XML, by the JDK (Exclusive XML Canonicalization 1.0). Before, prefixes are renamed in the order in
 * which they come, as Canonical XML 2.0 has it with PrefixRewrite: which ones a document uses means nothing, and JSON has none.
 */
final class Canonical {

    private final Map<String, String> prefixes = new HashMap<>();

    private Canonical() {}

    static String of(byte[] xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
            Canonical canonical = new Canonical();
            canonical.types(document.getDocumentElement());
            canonical.undeclare(document.getDocumentElement());
            canonical.rename(document, document.getDocumentElement());
            java.io.ByteArrayOutputStream renamed = new java.io.ByteArrayOutputStream();
            TransformerFactory.newDefaultInstance()
                    .newTransformer()
                    .transform(new DOMSource(document), new StreamResult(renamed));
            CanonicalizationMethod method = XMLSignatureFactory.getInstance("DOM")
                    .newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null);
            OctetStreamData result = (OctetStreamData) method.transform(
                    new OctetStreamData(new ByteArrayInputStream(renamed.toByteArray())),
                    new DOMSignContext(
                            new javax.crypto.spec.SecretKeySpec(new byte[] {1}, "HmacSHA256"),
                            document.createElement("x")));
            return new String(result.getOctetStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (Exception e) {
            throw new IllegalStateException(new String(xml, StandardCharsets.UTF_8), e);
        }
    }

    /** The value of xsi:type is a name too. */
    private void types(Element element) {
        Attr type = element.getAttributeNodeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "type");
        if (type != null) {
            int colon = type.getValue().indexOf(':');
            String prefix = colon < 0 ? null : type.getValue().substring(0, colon);
            type.setValue("{" + element.lookupNamespaceURI(prefix) + "}"
                    + type.getValue().substring(colon + 1));
        }
        children(element).forEach(this::types);
    }

    private void undeclare(Element element) {
        NamedNodeMap attributes = element.getAttributes();
        List<Attr> declarations = new ArrayList<>();
        for (int i = 0; i < attributes.getLength(); i++) {
            if (XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attributes.item(i).getNamespaceURI())) {
                declarations.add((Attr) attributes.item(i));
            }
        }
        declarations.forEach(element::removeAttributeNode);
        children(element).forEach(this::undeclare);
    }

    private void rename(Document document, Element element) {
        Element renamed = (Element) named(document, element);
        NamedNodeMap attributes = renamed.getAttributes();
        List<Attr> all = new ArrayList<>();
        for (int i = 0; i < attributes.getLength(); i++) {
            all.add((Attr) attributes.item(i));
        }
        all.sort(java.util.Comparator.comparing((Attr each) -> String.valueOf(each.getNamespaceURI()))
                .thenComparing(each -> String.valueOf(each.getLocalName())));
        all.forEach(each -> named(document, each));
        children(renamed).forEach(each -> rename(document, each));
    }

    private Node named(Document document, Node node) {
        String namespace = node.getNamespaceURI();
        if (namespace == null || namespace.isEmpty() || namespace.equals(XMLConstants.XML_NS_URI)) {
            return node;
        }
        String prefix = prefixes.computeIfAbsent(namespace, _ -> "p" + prefixes.size());
        return document.renameNode(node, namespace, prefix + ":" + node.getLocalName());
    }

    private static List<Element> children(Element element) {
        List<Element> children = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                children.add(child);
            }
        }
        return children;
    }
}
