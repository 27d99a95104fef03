package dev.sallyport.plugins.soap;

import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What is read of trees of XML. */
final class Dom {

    private Dom() {}

    /** The elements in an element that have that name. */
    static List<Element> children(Element in, String namespace, String local) {
        List<Element> children = new ArrayList<>();
        for (Node node = in.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element
                    && namespace.equals(element.getNamespaceURI())
                    && local.equals(element.getLocalName())) {
                children.add(element);
            }
        }
        return children;
    }

    /** The first element of that name, or null. */
    static @Nullable Element child(Element in, String namespace, String local) {
        List<Element> children = children(in, namespace, local);
        return children.isEmpty() ? null : children.getFirst();
    }

    /** A name that an attribute has, by the prefixes there; null where the attribute is not there. */
    static @Nullable QName name(Element element, String attribute) {
        String text = element.getAttribute(attribute).strip();
        if (text.isEmpty()) {
            return null;
        }
        int colon = text.indexOf(':');
        String namespace = element.lookupNamespaceURI(colon < 0 ? null : text.substring(0, colon));
        return new QName(namespace == null ? "" : namespace, text.substring(colon + 1));
    }
}
