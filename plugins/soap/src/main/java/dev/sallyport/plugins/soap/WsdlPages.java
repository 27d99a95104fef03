package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The files of a WSDL as clients get them: the address is the one that they asked at, and imports are asked for there too.
 * Immutable and thread-safe.
 */
final class WsdlPages {

    private static final String ADDRESS = "urn:sallyport:address";

    private final Map<String, String> pages = new HashMap<>();

    private WsdlPages() {}

    /** Makes them of what was read; the documents are changed. */
    static WsdlPages of(SoapFiles files) throws BadFileException {
        WsdlPages pages = new WsdlPages();
        for (Map.Entry<Path, Document> each : files.documents().entrySet()) {
            Path file = each.getKey();
            Document document = each.getValue();
            for (Soap version : Soap.values()) {
                for (Element address : all(document, version.binding(), "address")) {
                    address.setAttribute("location", ADDRESS);
                }
            }
            for (Element element : all(document, Wsdl.NAMESPACE, "import")) {
                reference(files, file, element, "location");
            }
            for (String kind : new String[] {"import", "include", "redefine"}) {
                for (Element element : all(document, BuiltIn.NAMESPACE, kind)) {
                    reference(files, file, element, "schemaLocation");
                }
            }
            pages.pages.put(file.equals(files.main()) ? "" : name(files, file), text(document));
        }
        return pages;
    }

    private static Element[] all(Document document, String namespace, String local) {
        NodeList list = document.getElementsByTagNameNS(namespace, local);
        Element[] elements = new Element[list.getLength()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = (Element) list.item(i);
        }
        return elements;
    }

    private static void reference(SoapFiles files, Path from, Element element, String attribute)
            throws BadFileException {
        String location = element.getAttribute(attribute);
        if (!location.isEmpty() && !location.contains(":")) {
            Path file = files.resolve(from, location);
            if (files.documents().containsKey(file)) {
                element.setAttribute(
                        attribute, ADDRESS + "?xsd=" + URLEncoder.encode(name(files, file), StandardCharsets.UTF_8));
            }
        }
    }

    private static String name(SoapFiles files, Path file) {
        Path folder = files.main().getParent();
        return (folder == null ? file : folder.relativize(file)).toString().replace('\\', '/');
    }

    private static String text(Document document) throws BadFileException {
        try {
            Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            StringWriter out = new StringWriter();
            transformer.transform(new DOMSource(document), new StreamResult(out));
            return out.toString();
        } catch (TransformerException e) {
            throw new BadFileException("the WSDL cannot be written: " + e.getMessage());
        }
    }

    /**
     * A page.
     *
     * @param name of a file that is imported; {@code ""} for the WSDL itself
     * @param address that stands in it
     * @return null where there is no such page
     */
    @Nullable
    String page(String name, String address) {
        String page = pages.get(name);
        return page == null ? null : page.replace(ADDRESS, WsdlMaker.escaped(address));
    }
}
