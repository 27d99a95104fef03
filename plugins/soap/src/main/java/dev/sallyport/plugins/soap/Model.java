package dev.sallyport.plugins.soap;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * What conversions know of the schemas of a WSDL: elements and types by their names, and a prefix for each namespace. Not
 * changed any more once it is compiled; thread-safe then.
 */
final class Model {

    /** What may hold anything, which JSON has as XML. */
    static final Complex ANY_TYPE = anyType();

    private final Map<QName, Element> elements = new HashMap<>();
    private final Map<QName, Type> types = new HashMap<>();
    private final Map<String, QName> typeKeys = new HashMap<>();
    private final Map<String, String> prefixes = new LinkedHashMap<>();
    private boolean compiled;

    Model() {
        prefixes.put(XMLConstants.XML_NS_URI, "xml");
        prefixes.put(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "xsi");
        prefixes.put(BuiltIn.NAMESPACE, "xs");
    }

    private static Complex anyType() {
        Complex any = new Complex(new QName(BuiltIn.NAMESPACE, "anyType"), false);
        any.content(Complex.Content.Opaque.OPAQUE);
        any.anyAttribute(true);
        return any;
    }

    /** Elements that are declared on their own. */
    Map<QName, Element> elements() {
        return elements;
    }

    /** Types that have names. */
    Map<QName, Type> types() {
        return types;
    }

    /** A type by its name, also one that XML Schema itself has; null for none. */
    @Nullable
    Type type(QName name) {
        if (name.getNamespaceURI().equals(BuiltIn.NAMESPACE)) {
            return name.getLocalPart().equals("anyType") ? ANY_TYPE : BuiltIn.named(name.getLocalPart());
        }
        return types.get(name);
    }

    /** Makes the names that types have in JSON: the local one where no other type has it. */
    void nameTypes() {
        Map<String, Integer> counts = new HashMap<>();
        types.keySet().forEach(name -> counts.merge(name.getLocalPart(), 1, Integer::sum));
        for (QName name : types.keySet()) {
            typeKeys.put(name.toString(), name);
            if (Integer.valueOf(1).equals(counts.get(name.getLocalPart()))) {
                typeKeys.put(name.getLocalPart(), name);
            }
        }
    }

    /** The name of a type in JSON. */
    String typeKey(QName name) {
        if (name.getNamespaceURI().equals(BuiltIn.NAMESPACE)) {
            return "xs:" + name.getLocalPart();
        }
        return name.equals(typeKeys.get(name.getLocalPart())) ? name.getLocalPart() : name.toString();
    }

    /** The name that a type has in JSON, as XML Schema has it; null for none. */
    @Nullable
    QName typeNamed(String key) {
        return key.startsWith("xs:") ? new QName(BuiltIn.NAMESPACE, key.substring(3)) : typeKeys.get(key);
    }

    /** Prefixes by namespaces. */
    Map<String, String> prefixes() {
        return prefixes;
    }

    /** Says that all is in it: from here on it is read alone. */
    void compiled() {
        compiled = true;
    }

    /** The prefix of a namespace, which gets one where it has none, until all is compiled. */
    private String prefix(String namespace) {
        String known = prefixes.get(namespace);
        if (known != null) {
            return known;
        }
        if (compiled) {
            throw new IllegalStateException("a namespace without a prefix: " + namespace);
        }
        String prefix = "n" + (prefixes.size() - 2);
        prefixes.put(namespace, prefix);
        return prefix;
    }

    /** A name in XML, with its prefix. */
    String tag(QName name) {
        String namespace = name.getNamespaceURI();
        return namespace.isEmpty() ? name.getLocalPart() : prefix(namespace) + ":" + name.getLocalPart();
    }

    /** The declarations of all prefixes, as attributes. */
    String declarations() {
        StringBuilder text = new StringBuilder();
        prefixes.forEach((namespace, prefix) -> {
            if (!prefix.equals("xml")) {
                text.append(" xmlns:")
                        .append(prefix)
                        .append("=\"")
                        .append(namespace
                                .replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace("\"", "&quot;"))
                        .append('"');
            }
        });
        return text.toString();
    }
}
