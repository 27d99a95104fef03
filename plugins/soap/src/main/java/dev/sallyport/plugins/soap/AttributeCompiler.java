package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Complex.Attribute;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import org.apache.ws.commons.schema.XmlSchemaAttribute;
import org.apache.ws.commons.schema.XmlSchemaAttributeGroup;
import org.apache.ws.commons.schema.XmlSchemaAttributeGroupRef;
import org.apache.ws.commons.schema.XmlSchemaUse;

/** Makes attributes of those of the schema. For one thread. */
final class AttributeCompiler {

    private final SchemaParts schemas;
    private final SimpleCompiler simples;
    private final Model model;

    AttributeCompiler(SchemaParts schemas, SimpleCompiler simples, Model model) {
        this.schemas = schemas;
        this.simples = simples;
        this.model = model;
    }

    /** Gives a type the attributes of another. */
    void inherit(Complex from, Complex to) {
        to.attributes().putAll(from.attributes());
        to.anyAttribute(to.anyAttribute() || (from.anyAttribute() && from != Model.ANY_TYPE));
    }

    /** Adds attributes to a type, in the place of ones of their names. */
    void add(List<?> sources, Complex type) throws BadFileException {
        for (Object source : sources) {
            switch (source) {
                case XmlSchemaAttribute attribute -> add(attribute, type);
                case XmlSchemaAttributeGroupRef reference ->
                    group(reference.getRef().getTargetQName(), type);
                case XmlSchemaAttributeGroup group -> members(group, type);
                default -> throw new BadFileException("an attribute that is not known: " + source.getClass());
            }
        }
    }

    private void group(QName name, Complex type) throws BadFileException {
        XmlSchemaAttributeGroup group = schemas.attributeGroups().get(name);
        if (group == null) {
            throw new BadFileException(
                    "the group of attributes " + name + " is not there (expected: in a schema of the WSDL)");
        }
        members(group, type);
    }

    private void members(XmlSchemaAttributeGroup group, Complex type) throws BadFileException {
        add(group.getAttributes(), type);
        if (group.getAnyAttribute() != null) {
            type.anyAttribute(true);
        }
    }

    private void add(XmlSchemaAttribute source, Complex type) throws BadFileException {
        XmlSchemaAttribute declared = source;
        QName name;
        if (source.isRef()) {
            name = source.getRef().getTargetQName();
            if (name.getNamespaceURI().equals(XMLConstants.XML_NS_URI)) {
                put(new Attribute(name, key(name), model.tag(name), Simple.STRING, isRequired(source)), source, type);
                return;
            }
            declared = schemas.attributes().get(name);
            if (declared == null) {
                throw new BadFileException(
                        "the attribute " + name + " is not declared (expected: in a schema of the WSDL)");
            }
        } else {
            name = source.getWireName();
        }
        Simple written = declared.getSchemaTypeName() != null
                ? simples.named(declared.getSchemaTypeName())
                : declared.getSchemaType() != null ? simples.compile(declared.getSchemaType()) : Simple.STRING;
        put(new Attribute(name, key(name), model.tag(name), written, isRequired(source)), source, type);
    }

    private static void put(Attribute attribute, XmlSchemaAttribute source, Complex type) {
        if (source.getUse() == XmlSchemaUse.PROHIBITED) {
            type.attributes().remove(attribute.key());
        } else {
            type.attributes().put(attribute.key(), attribute);
        }
    }

    private static boolean isRequired(XmlSchemaAttribute source) {
        return source.getUse() == XmlSchemaUse.REQUIRED;
    }

    /** The name of an attribute in JSON. */
    static String key(QName name) {
        return key(name.getNamespaceURI(), name.getLocalPart());
    }

    static String key(String namespace, String local) {
        if (namespace.isEmpty()) {
            return "@" + local;
        }
        return namespace.equals(XMLConstants.XML_NS_URI) ? "@xml:" + local : "@{" + namespace + "}" + local;
    }
}
