package dev.sallyport.plugins.soap;

import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** An element that is declared. Not changed any more once its schema is compiled. */
final class Element {

    private final QName name;
    private final String key;
    private final String tag;
    private final boolean nillable;
    private final boolean isAbstract;
    private final Type type;
    private final @Nullable String given;
    private final List<Element> substitutes = new ArrayList<>(0);

    /**
     * @param key its name in JSON
     * @param tag its name in XML, with its prefix
     * @param given the value that it has where it is empty; null for none
     */
    Element(
            QName name,
            String key,
            String tag,
            boolean nillable,
            boolean isAbstract,
            Type type,
            @Nullable String given) {
        this.name = name;
        this.key = key;
        this.tag = tag;
        this.nillable = nillable;
        this.isAbstract = isAbstract;
        this.type = type;
        this.given = given;
    }

    QName name() {
        return name;
    }

    String key() {
        return key;
    }

    String tag() {
        return tag;
    }

    boolean nillable() {
        return nillable;
    }

    boolean isAbstract() {
        return isAbstract;
    }

    Type type() {
        return type;
    }

    @Nullable
    String given() {
        return given;
    }

    void addSubstitute(Element element) {
        substitutes.add(element);
    }

    /** Those that may stand in its place, at any remove. */
    List<Element> substitutes() {
        return substitutes;
    }

    boolean is(String namespace, String local) {
        return name.getLocalPart().equals(local) && name.getNamespaceURI().equals(namespace);
    }

    /** This element or one that stands in its place, by name; null for neither. */
    @Nullable
    Element named(String namespace, String local) {
        if (!isAbstract && is(namespace, local)) {
            return this;
        }
        for (Element element : substitutes) {
            if (!element.isAbstract && element.is(namespace, local)) {
                return element;
            }
        }
        return null;
    }
}
