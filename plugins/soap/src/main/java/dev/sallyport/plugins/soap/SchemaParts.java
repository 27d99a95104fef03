package dev.sallyport.plugins.soap;

import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.namespace.QName;
import org.apache.ws.commons.schema.XmlSchema;
import org.apache.ws.commons.schema.XmlSchemaAttribute;
import org.apache.ws.commons.schema.XmlSchemaAttributeGroup;
import org.apache.ws.commons.schema.XmlSchemaElement;
import org.apache.ws.commons.schema.XmlSchemaGroup;
import org.apache.ws.commons.schema.XmlSchemaType;

/** All that the schemas of a WSDL declare on its own, by name, wherever it stands. */
record SchemaParts(
        Map<QName, XmlSchemaElement> elements,
        Map<QName, XmlSchemaType> types,
        Map<QName, XmlSchemaGroup> groups,
        Map<QName, XmlSchemaAttribute> attributes,
        Map<QName, XmlSchemaAttributeGroup> attributeGroups) {

    /** Gathers them. */
    static SchemaParts of(XmlSchema[] schemas) {
        SchemaParts parts = new SchemaParts(
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        for (XmlSchema schema : schemas) {
            if (BuiltIn.NAMESPACE.equals(schema.getTargetNamespace())) {
                continue; // the library's own
            }
            parts.elements.putAll(schema.getElements());
            parts.types.putAll(schema.getSchemaTypes());
            parts.groups.putAll(schema.getGroups());
            parts.attributes.putAll(schema.getAttributes());
            parts.attributeGroups.putAll(schema.getAttributeGroups());
        }
        return parts;
    }
}
