package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Complex.Attribute;
import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.plugins.soap.Particle.Any;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Makes XML at random that a schema allows, with prefixes of its own. */
final class Instances {

    private static final int DEEP = 6;

    private final Model model;
    private final Random random;
    private final StringBuilder out = new StringBuilder();

    Instances(Model model, long seed) {
        this.model = model;
        random = new Random(seed);
    }

    /** An envelope of SOAP with such an element in its body, and such blocks in its header. */
    static String envelope(Model model, Soap version, List<Element> headers, @Nullable Element body, long seed) {
        Instances made = new Instances(model, seed);
        made.out.append("<env:Envelope xmlns:env=\"").append(version.envelope());
        made.out.append("\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">");
        if (!headers.isEmpty()) {
            made.out.append("<env:Header>");
            headers.forEach(each -> made.element(each, 0));
            made.out.append("</env:Header>");
        }
        made.out.append("<env:Body>");
        if (body != null) {
            made.element(body, 0);
        }
        return made.out.append("</env:Body></env:Envelope>").toString();
    }

    private void element(Element element, int depth) {
        Type type = element.type();
        QName named = null;
        if (type instanceof Complex complex && (complex.isAbstract() || random.nextInt(4) == 0)) {
            named = derived(complex);
            type = named == null ? type : java.util.Objects.requireNonNull(model.type(named));
        }
        QName name = element.name();
        String tag = name.getNamespaceURI().isEmpty() ? name.getLocalPart() : "q:" + name.getLocalPart();
        out.append('<').append(tag);
        if (!name.getNamespaceURI().isEmpty()) {
            out.append(" xmlns:q=\"").append(name.getNamespaceURI()).append('"');
        }
        if (named != null) {
            out.append(" xmlns:t=\"").append(named.getNamespaceURI()).append("\" i:type=\"t:");
            out.append(named.getLocalPart()).append('"');
        }
        boolean nil = element.nillable() && random.nextInt(5) == 0;
        if (nil) {
            out.append(" i:nil=\"true\"");
        }
        switch (type) {
            case Simple simple -> out.append('>').append(nil ? "" : escaped(text(simple)));
            case Complex complex -> {
                attributes(complex);
                out.append('>');
                if (!nil) {
                    content(complex, depth);
                }
            }
        }
        out.append("</").append(tag).append('>');
    }

    private @Nullable QName derived(Complex base) {
        List<QName> names = new ArrayList<>();
        model.types().forEach((name, type) -> {
            if (type instanceof Complex complex && !complex.isAbstract() && complex.derivesFrom(base)) {
                names.add(name);
            }
        });
        return names.isEmpty() || base == Model.ANY_TYPE ? null : names.get(random.nextInt(names.size()));
    }

    private void attributes(Complex type) {
        for (Attribute attribute : type.attributes().values()) {
            if (attribute.required() || random.nextBoolean()) {
                String namespace = attribute.name().getNamespaceURI();
                boolean xml = namespace.equals("http://www.w3.org/XML/1998/namespace");
                out.append(' ');
                if (!namespace.isEmpty() && !xml) {
                    out.append("xmlns:r=\"").append(namespace).append("\" r:");
                }
                String value = xml ? "en" : text(attribute.type());
                out.append(xml ? "xml:" : "").append(attribute.name().getLocalPart());
                out.append("=\"")
                        .append(escaped(value).replace("\"", "&quot;").replace("\n", "&#10;"))
                        .append('"');
            }
        }
    }

    private void content(Complex type, int depth) {
        switch (type.content()) {
            case Content.Nothing _ -> {
                // nothing
            }
            case Content.Text text -> out.append(escaped(text(text.type())));
            case Content.Elements elements -> particle(elements.group(), depth + 1);
            case Content.Opaque _ -> out.append("some <x:b xmlns:x=\"urn:any\" a=\"1\">mixed</x:b> text");
        }
    }

    private void particle(Particle particle, int depth) {
        int most = (int) Math.min(particle.max(), particle.min() + 3L);
        int count = depth > DEEP ? particle.min() : particle.min() + random.nextInt(most - particle.min() + 1);
        for (int i = 0; i < count; i++) {
            switch (particle) {
                case Use use -> {
                    List<Element> there = new ArrayList<>(use.element().substitutes());
                    there.add(use.element());
                    there.removeIf(Element::isAbstract);
                    element(there.get(random.nextInt(there.size())), depth);
                }
                case Any any ->
                    out.append("<x:any xmlns:x=\"urn:any\" xmlns:y=\"urn:other\"><y:b y:c=\"1\">t</y:b></x:any>");
                case Group group
                when group.order() == Order.CHOICE ->
                    particle(group.parts().get(random.nextInt(group.parts().size())), depth);
                case Group group -> group.parts().forEach(part -> particle(part, depth));
            }
        }
    }

    private String text(Simple type) {
        if (!type.values().isEmpty()) {
            List<String> values = List.copyOf(type.values());
            return values.get(random.nextInt(values.size()));
        }
        return switch (type.kind()) {
            case STRING ->
                List.of("a text", " with \"quotes\" & <marks>\n", "ünïcode \ud83d\ude00", "1")
                        .get(random.nextInt(4));
            case TOKEN -> "token";
            case BOOLEAN -> random.nextBoolean() ? "true" : "false";
            case INTEGER -> type.low() != null && type.low().signum() > 0 ? "7" : random.nextBoolean() ? "0" : "42";
            case DECIMAL -> random.nextBoolean() ? "1.10" : "-12345678901234567890.5";
            case DOUBLE -> List.of("1.5", "1.0E10", "INF", "NaN").get(random.nextInt(4));
            case DATE_TIME -> "2026-01-31T12:00:00.250Z";
            case DATE -> "2026-01-31";
            case TIME -> "12:00:00";
            case BASE64 -> "aGVsbG8=";
            case HEX -> "00FF";
            case QNAME -> "name";
            case LIST -> text(type.parts().getFirst()) + " " + text(type.parts().getFirst());
            case UNION -> text(type.parts().getFirst());
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
