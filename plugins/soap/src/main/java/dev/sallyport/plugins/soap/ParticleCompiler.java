package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Particle.Any;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.namespace.QName;
import org.apache.ws.commons.schema.XmlSchemaAll;
import org.apache.ws.commons.schema.XmlSchemaAny;
import org.apache.ws.commons.schema.XmlSchemaChoice;
import org.apache.ws.commons.schema.XmlSchemaElement;
import org.apache.ws.commons.schema.XmlSchemaGroup;
import org.apache.ws.commons.schema.XmlSchemaGroupRef;
import org.apache.ws.commons.schema.XmlSchemaParticle;
import org.apache.ws.commons.schema.XmlSchemaSequence;

/** Makes particles of those of the schema. For one thread. */
final class ParticleCompiler {

    private static final int DEEPEST = 200;

    private final SchemaParts schemas;
    private final SchemaCompiler compiler;
    private final Model model;
    private int depth;

    ParticleCompiler(SchemaParts schemas, SchemaCompiler compiler, Model model) {
        this.schemas = schemas;
        this.compiler = compiler;
        this.model = model;
    }

    /** What a type contains, arranged as JSON has it. */
    Group compile(XmlSchemaParticle source) throws BadFileException {
        Particle particle = particle(source);
        Group group = particle instanceof Group made ? made : new Group(Order.SEQUENCE, List.of(particle), 1, 1, null);
        return Shapes.arranged(group);
    }

    private Particle particle(Object source) throws BadFileException {
        if (++depth > DEEPEST) {
            throw new BadFileException("groups that refer to themselves without end (expected: an end)");
        }
        Particle particle = switch (source) {
            case XmlSchemaElement element -> use(element);
            case XmlSchemaSequence sequence -> group(Order.SEQUENCE, sequence.getItems(), sequence);
            case XmlSchemaChoice choice -> group(Order.CHOICE, choice.getItems(), choice);
            case XmlSchemaAll all -> group(Order.ALL, all.getItems(), all);
            case XmlSchemaGroupRef reference -> group(reference);
            case XmlSchemaAny any -> any(any);
            default -> throw new BadFileException("a content that is not known: " + source.getClass());
        };
        depth--;
        return particle;
    }

    private Use use(XmlSchemaElement source) throws BadFileException {
        Element element;
        if (source.isRef()) {
            element = compiler.element(source.getRef().getTargetQName());
        } else {
            QName name = source.getWireName();
            model.tag(name);
            element = compiler.element(source, name);
        }
        return new Use(element, min(source), max(source), false, false);
    }

    private Group group(Order order, List<?> items, XmlSchemaParticle source) throws BadFileException {
        List<Particle> parts = new ArrayList<>();
        for (Object item : items) {
            Particle part = item instanceof XmlSchemaGroup named ? particle(named.getParticle()) : particle(item);
            if (part.max() > 0) {
                parts.add(part);
            }
        }
        return new Group(order, parts, min(source), max(source), null);
    }

    private Group group(XmlSchemaGroupRef reference) throws BadFileException {
        XmlSchemaGroup group = schemas.groups().get(reference.getRefName());
        if (group == null) {
            throw new BadFileException(
                    "the group " + reference.getRefName() + " is not there (expected: in a schema of the WSDL)");
        }
        Group made = (Group) particle(group.getParticle());
        return new Group(made.order(), made.parts(), min(reference), max(reference), null);
    }

    private static Any any(XmlSchemaAny source) {
        String namespaces = source.getNamespace() == null ? "##any" : source.getNamespace();
        String target = source.getTargetNamespace() == null ? "" : source.getTargetNamespace();
        Set<String> named = new HashSet<>();
        boolean but = false;
        for (String word : namespaces.strip().split("\\s+", -1)) {
            switch (word) {
                case "##any" -> but = true;
                case "##other" -> {
                    but = true;
                    named.add(target);
                    named.add("");
                }
                case "##local" -> named.add("");
                case "##targetNamespace" -> named.add(target);
                default -> named.add(word);
            }
        }
        return new Any(Set.copyOf(named), but, min(source), max(source));
    }

    private static int min(XmlSchemaParticle source) {
        return (int) Math.min(source.getMinOccurs(), Particle.UNBOUNDED);
    }

    private static int max(XmlSchemaParticle source) {
        return (int) Math.min(source.getMaxOccurs(), Particle.UNBOUNDED);
    }
}
