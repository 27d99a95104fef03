package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.namespace.QName;
import org.apache.ws.commons.schema.XmlSchemaAnyAttribute;
import org.apache.ws.commons.schema.XmlSchemaAttributeOrGroupRef;
import org.apache.ws.commons.schema.XmlSchemaComplexContentExtension;
import org.apache.ws.commons.schema.XmlSchemaComplexContentRestriction;
import org.apache.ws.commons.schema.XmlSchemaComplexType;
import org.apache.ws.commons.schema.XmlSchemaContent;
import org.apache.ws.commons.schema.XmlSchemaContentModel;
import org.apache.ws.commons.schema.XmlSchemaElement;
import org.apache.ws.commons.schema.XmlSchemaParticle;
import org.apache.ws.commons.schema.XmlSchemaSimpleContentExtension;
import org.apache.ws.commons.schema.XmlSchemaSimpleContentRestriction;
import org.apache.ws.commons.schema.XmlSchemaSimpleType;
import org.apache.ws.commons.schema.XmlSchemaType;
import org.jspecify.annotations.Nullable;

/** Makes a model of the schemas of a WSDL. For one thread. */
final class SchemaCompiler {

    private final SchemaParts schemas;
    private final Model model = new Model();
    private final SimpleCompiler simples;
    private final AttributeCompiler attributes;
    private final ParticleCompiler particles;
    private final IdentityHashMap<XmlSchemaType, Type> made = new IdentityHashMap<>();
    private final IdentityHashMap<Complex, XmlSchemaComplexType> sources = new IdentityHashMap<>();
    private final Map<QName, Element> elements = model.elements();
    private final Set<Complex> filled = new HashSet<>();
    private final Deque<Complex> open = new ArrayDeque<>();

    private SchemaCompiler(SchemaParts schemas) {
        this.schemas = schemas;
        simples = new SimpleCompiler(schemas);
        attributes = new AttributeCompiler(schemas, simples, model);
        particles = new ParticleCompiler(schemas, this, model);
    }

    /**
     * Makes it.
     *
     * @throws BadFileException where a name leads nowhere
     */
    static Model compile(SchemaParts schemas) throws BadFileException {
        SchemaCompiler compiler = new SchemaCompiler(schemas);
        for (QName name : schemas.types().keySet()) {
            compiler.model.types().put(name, compiler.type(name));
            var _ = compiler.model.tag(name); // xsi:type may name it
        }
        for (QName name : schemas.elements().keySet()) {
            compiler.element(name);
        }
        compiler.substitutes();
        while (!compiler.open.isEmpty()) {
            compiler.fill(compiler.open.pop());
        }
        compiler.model.nameTypes();
        return compiler.model;
    }

    private void substitutes() throws BadFileException {
        for (Map.Entry<QName, XmlSchemaElement> each : schemas.elements().entrySet()) {
            QName head = each.getValue().getSubstitutionGroup();
            Set<QName> seen = new HashSet<>();
            while (head != null && seen.add(head)) {
                element(head).addSubstitute(element(each.getKey()));
                XmlSchemaElement above = schemas.elements().get(head);
                head = above == null ? null : above.getSubstitutionGroup();
            }
        }
    }

    /** The element that is declared on its own under that name. */
    Element element(QName name) throws BadFileException {
        Element known = elements.get(name);
        if (known != null) {
            return known;
        }
        XmlSchemaElement source = schemas.elements().get(name);
        if (source == null) {
            throw new BadFileException("the element " + name + " is not declared (expected: in a schema of the WSDL)");
        }
        Element element = element(source, name);
        elements.put(name, element);
        return element;
    }

    /** An element, by what declares it. */
    Element element(XmlSchemaElement source, QName name) throws BadFileException {
        String fixed = source.getFixedValue();
        return new Element(
                name,
                name.getLocalPart(),
                model.tag(name),
                source.isNillable(),
                source.isAbstract(),
                typeOf(source, new HashSet<>()),
                fixed == null ? source.getDefaultValue() : fixed);
    }

    private Type typeOf(XmlSchemaElement source, Set<QName> seen) throws BadFileException {
        if (source.getSchemaTypeName() != null) {
            return type(source.getSchemaTypeName());
        }
        if (source.getSchemaType() != null) {
            return type(source.getSchemaType(), null);
        }
        QName head = source.getSubstitutionGroup();
        XmlSchemaElement above =
                head == null || !seen.add(head) ? null : schemas.elements().get(head);
        return above == null ? Model.ANY_TYPE : typeOf(above, seen);
    }

    /** The type of that name. */
    Type type(QName name) throws BadFileException {
        Type known = model.type(name);
        if (known != null) {
            return known;
        }
        XmlSchemaType source = schemas.types().get(name);
        if (source == null) {
            throw new BadFileException("the type " + name + " is not there (expected: in a schema of the WSDL)");
        }
        return type(source, name);
    }

    private Type type(XmlSchemaType source, @Nullable QName name) throws BadFileException {
        Type known = made.get(source);
        if (known != null) {
            return known;
        }
        if (source instanceof XmlSchemaSimpleType simple) {
            Simple type = simples.compile(simple);
            made.put(source, type);
            return type;
        }
        XmlSchemaComplexType complex = (XmlSchemaComplexType) source;
        Complex type = new Complex(name, complex.isAbstract());
        made.put(source, type);
        sources.put(type, complex);
        open.push(type);
        return type;
    }

    /** Fills a type, after the one that it is derived from. */
    private void fill(Complex type) throws BadFileException {
        XmlSchemaComplexType source = sources.get(type);
        if (source == null || !filled.add(type)) {
            return;
        }
        XmlSchemaContentModel contentModel = source.getContentModel();
        XmlSchemaContent content = contentModel == null ? null : contentModel.getContent();
        boolean mixed = source.isMixed();
        switch (content) {
            case null -> {
                attributes(source.getAttributes(), source.getAnyAttribute(), type);
                type.content(content(source.getParticle(), mixed));
            }
            case XmlSchemaComplexContentExtension extension -> {
                Complex base = base(extension.getBaseTypeName(), type);
                attributes.inherit(base, type);
                attributes(extension.getAttributes(), extension.getAnyAttribute(), type);
                type.content(
                        base.content() == Content.Opaque.OPAQUE && base != Model.ANY_TYPE
                                ? Content.Opaque.OPAQUE
                                : extended(base, content(extension.getParticle(), mixed)));
            }
            case XmlSchemaComplexContentRestriction restriction -> {
                attributes.inherit(base(restriction.getBaseTypeName(), type), type);
                attributes(restriction.getAttributes(), restriction.getAnyAttribute(), type);
                type.content(content(restriction.getParticle(), mixed));
            }
            case XmlSchemaSimpleContentExtension extension -> {
                type.content(text(extension.getBaseTypeName(), type));
                attributes(extension.getAttributes(), extension.getAnyAttribute(), type);
            }
            case XmlSchemaSimpleContentRestriction restriction -> {
                Content.Text inherited = text(restriction.getBaseTypeName(), type);
                XmlSchemaSimpleType inner = restriction.getBaseType();
                Simple written = inner == null ? inherited.type() : simples.compile(inner);
                type.content(new Content.Text(SimpleCompiler.restricted(written, restriction.getFacets())));
                attributes(restriction.getAttributes(), restriction.getAnyAttribute(), type);
            }
            default -> throw new BadFileException("a content that is not known: " + content.getClass());
        }
    }

    private void attributes(
            List<XmlSchemaAttributeOrGroupRef> sources, @Nullable XmlSchemaAnyAttribute any, Complex type)
            throws BadFileException {
        attributes.add(sources, type);
        if (any != null) {
            type.anyAttribute(true);
        }
    }

    private Complex base(QName name, Complex of) throws BadFileException {
        Type type = type(name);
        of.base(type);
        if (type instanceof Complex complex) {
            fill(complex);
            return complex;
        }
        throw new BadFileException("the type " + name + " is simple (expected: one with elements)");
    }

    private Content.Text text(QName name, Complex of) throws BadFileException {
        Type type = type(name);
        of.base(type);
        if (type instanceof Simple simple) {
            return new Content.Text(simple);
        }
        Complex complex = (Complex) type;
        fill(complex);
        attributes.inherit(complex, of);
        return complex.content() instanceof Content.Text text ? text : new Content.Text(Simple.STRING);
    }

    private Content content(@Nullable XmlSchemaParticle particle, boolean mixed) throws BadFileException {
        if (mixed) {
            return Content.Opaque.OPAQUE;
        }
        Group group = particle == null ? null : particles.compile(particle);
        return group == null || group.parts().isEmpty() ? Content.Nothing.NOTHING : new Content.Elements(group);
    }

    private static Content extended(Complex base, Content own) {
        if (!(base.content() instanceof Content.Elements inherited)) {
            return own;
        }
        if (!(own instanceof Content.Elements more)) {
            return own == Content.Opaque.OPAQUE ? own : inherited;
        }
        List<Particle> parts = new ArrayList<>(List.of(inherited.group(), more.group()));
        return new Content.Elements(Shapes.arranged(new Group(Order.SEQUENCE, parts, 1, 1, null)));
    }
}
