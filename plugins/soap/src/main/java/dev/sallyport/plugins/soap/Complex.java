package dev.sallyport.plugins.soap;

import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** A type with attributes or elements. Made empty, since types refer to each other, then filled, then not changed any more. */
final class Complex implements Type {

    private final @Nullable QName name;
    private final boolean isAbstract;
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    private boolean anyAttribute;
    private @Nullable Type base;
    private Content content = Content.Nothing.NOTHING;

    /** @param name null for one without */
    Complex(@Nullable QName name, boolean isAbstract) {
        this.name = name;
        this.isAbstract = isAbstract;
    }

    /**
     * An attribute.
     *
     * @param key its name in JSON
     * @param tag its name in XML, with its prefix
     */
    record Attribute(QName name, String key, String tag, Simple type, boolean required) {}

    /** What stands between the tags. */
    sealed interface Content {

        /** Nothing. */
        enum Nothing implements Content {
            NOTHING
        }

        /** Anything, which JSON has as a text of XML. */
        enum Opaque implements Content {
            OPAQUE
        }

        /** A text. */
        record Text(Simple type) implements Content {}

        /** Elements. */
        record Elements(Particle.Group group) implements Content {}
    }

    @Nullable
    QName name() {
        return name;
    }

    boolean isAbstract() {
        return isAbstract;
    }

    @Nullable
    Type base() {
        return base;
    }

    void base(@Nullable Type type) {
        base = type;
    }

    /** By their keys. */
    Map<String, Attribute> attributes() {
        return attributes;
    }

    boolean anyAttribute() {
        return anyAttribute;
    }

    void anyAttribute(boolean any) {
        anyAttribute = any;
    }

    Content content() {
        return content;
    }

    void content(Content newContent) {
        content = newContent;
    }

    /** The attribute of that name, or null. */
    @Nullable
    Attribute attribute(String namespace, String local) {
        for (Attribute attribute : attributes.values()) {
            if (attribute.name().getLocalPart().equals(local)
                    && attribute.name().getNamespaceURI().equals(namespace)) {
                return attribute;
            }
        }
        return null;
    }

    /** Whether it is that type or derived from it. */
    @SuppressWarnings("ReferenceEquality") // a type is one object
    boolean derivesFrom(Type other) {
        Type at = this;
        while (at instanceof Complex complex) {
            if (complex == other) {
                return true;
            }
            at = complex.base;
        }
        return at != null && at == other;
    }
}
