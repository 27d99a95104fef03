package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Simple.Kind;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.xml.namespace.QName;
import org.apache.ws.commons.schema.XmlSchemaEnumerationFacet;
import org.apache.ws.commons.schema.XmlSchemaFacet;
import org.apache.ws.commons.schema.XmlSchemaSimpleType;
import org.apache.ws.commons.schema.XmlSchemaSimpleTypeList;
import org.apache.ws.commons.schema.XmlSchemaSimpleTypeRestriction;
import org.apache.ws.commons.schema.XmlSchemaSimpleTypeUnion;
import org.jspecify.annotations.Nullable;

/** Makes simple types of those of the schema. For one thread. */
final class SimpleCompiler {

    private static final int DEEPEST = 100;

    private final SchemaParts schemas;
    private int depth;

    SimpleCompiler(SchemaParts schemas) {
        this.schemas = schemas;
    }

    /** The simple type of that name. */
    Simple named(QName name) throws BadFileException {
        if (name.getNamespaceURI().equals(BuiltIn.NAMESPACE)) {
            Simple builtIn = BuiltIn.named(name.getLocalPart());
            if (builtIn != null) {
                return builtIn;
            }
        }
        if (schemas.types().get(name) instanceof XmlSchemaSimpleType type) {
            return compile(type);
        }
        throw new BadFileException("the simple type " + name + " is not there (expected: in a schema of the WSDL)");
    }

    /** A simple type, by what declares it. */
    Simple compile(XmlSchemaSimpleType source) throws BadFileException {
        if (++depth > DEEPEST) {
            throw new BadFileException("simple types that refer to themselves without end (expected: an end)");
        }
        Simple type = switch (source.getContent()) {
            case XmlSchemaSimpleTypeRestriction restriction ->
                restricted(one(restriction.getBaseType(), restriction.getBaseTypeName()), restriction.getFacets());
            case XmlSchemaSimpleTypeList list ->
                new Simple(Kind.LIST, Set.of(), null, null, List.of(one(list.getItemType(), list.getItemTypeName())));
            case XmlSchemaSimpleTypeUnion union -> union(union);
            case null, default -> Simple.STRING;
        };
        depth--;
        return type;
    }

    private Simple one(@Nullable XmlSchemaSimpleType inner, @Nullable QName name) throws BadFileException {
        return name != null ? named(name) : inner != null ? compile(inner) : Simple.STRING;
    }

    private Simple union(XmlSchemaSimpleTypeUnion union) throws BadFileException {
        List<Simple> parts = new ArrayList<>();
        QName[] names = union.getMemberTypesQNames();
        for (QName name : names == null ? new QName[0] : names) {
            parts.add(named(name));
        }
        for (XmlSchemaSimpleType inner : union.getBaseTypes()) {
            parts.add(compile(inner));
        }
        return new Simple(Kind.UNION, Set.of(), null, null, List.copyOf(parts));
    }

    /** A type with less values, by its enumeration; other facets are the service's to check. */
    static Simple restricted(Simple base, List<XmlSchemaFacet> facets) {
        Set<String> values = new LinkedHashSet<>();
        for (XmlSchemaFacet facet : facets) {
            if (facet instanceof XmlSchemaEnumerationFacet) {
                values.add(String.valueOf(facet.getValue()));
            }
        }
        return values.isEmpty() || base.kind() == Kind.LIST || base.kind() == Kind.UNION ? base : base.only(values);
    }
}
