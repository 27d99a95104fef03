package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.plugins.soap.Particle.Any;
import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** JSON Schemas (2020-12) of types, as their values look in JSON. For one thread. */
final class SchemaWriter {

    private static final String REFERENCE = "#/components/schemas/";

    private final Model model;
    private final Map<String, Object> components = new LinkedHashMap<>();
    private final IdentityHashMap<Complex, String> names = new IdentityHashMap<>();

    SchemaWriter(Model model) {
        this.model = model;
    }

    /** The schemas that others refer to, by their names. */
    Map<String, Object> components() {
        return components;
    }

    /** The schema of the value of an element. */
    Map<String, Object> schema(Element element) {
        Map<String, Object> schema = switch (element.type()) {
            case Simple simple -> simple(simple);
            case Complex complex -> reference(complex, element);
        };
        return element.nillable() ? Map.of("anyOf", List.of(schema, Map.of("type", "null"))) : schema;
    }

    /** The schemas of the members of an element's value; empty where it is no object. */
    Map<String, Object> properties(Element element) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (element.type() instanceof Complex complex) {
            members(complex, properties, new ArrayList<>());
        }
        return properties;
    }

    private Map<String, Object> reference(Complex type, Element element) {
        if (type.content() == Content.Opaque.OPAQUE && type.attributes().isEmpty()) {
            return Map.of("type", List.of("string", "object"));
        }
        String name = names.get(type);
        if (name == null) {
            String wanted = (type.name() == null ? element.key() : model.typeKey(type.name()))
                    .replaceAll("[^A-Za-z0-9._-]", "_");
            name = wanted;
            for (int i = 2; components.containsKey(name) || name.equals("Problem"); i++) {
                name = wanted + i;
            }
            names.put(type, name);
            components.put(name, Map.of());
            components.put(name, object(type));
        }
        return Map.of("$ref", REFERENCE + name);
    }

    private Map<String, Object> object(Complex type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        members(type, properties, required);
        List<String> derived = new ArrayList<>();
        model.types().forEach((name, other) -> {
            if (other instanceof Complex complex && complex != type && complex.derivesFrom(type)) {
                derived.add(model.typeKey(name));
            }
        });
        if (!derived.isEmpty()) {
            properties.put(XmlToJson.TYPE_KEY, Map.of("enum", derived));
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        if (derived.isEmpty() && !type.anyAttribute()) {
            object.put("additionalProperties", false);
        }
        return object;
    }

    private void members(Complex type, Map<String, Object> properties, List<String> required) {
        type.attributes().values().forEach(attribute -> {
            properties.put(attribute.key(), simple(attribute.type()));
            if (attribute.required()) {
                required.add(attribute.key());
            }
        });
        switch (type.content()) {
            case Content.Nothing _ -> {
                // no more than attributes
            }
            case Content.Text text -> properties.put(XmlToJson.TEXT_KEY, simple(text.type()));
            case Content.Elements elements -> group(elements.group(), true, properties, required);
            case Content.Opaque _ -> {
                properties.put(XmlToJson.TEXT_KEY, Map.of("type", "string"));
                properties.put(XmlToJson.XML_KEY, Map.of("type", "string"));
            }
        }
    }

    private void group(Group group, boolean always, Map<String, Object> properties, List<String> required) {
        boolean needed = always && group.min() > 0 && group.order() != Order.CHOICE;
        for (Particle part : group.parts()) {
            switch (part) {
                case Use use -> use(use, needed, properties, required);
                case Any _ -> properties.put(XmlToJson.ANY_KEY, array(Map.of("type", "string")));
                case Group inner -> {
                    String key = inner.key();
                    if (key == null) {
                        group(inner, needed, properties, required);
                    } else {
                        Map<String, Object> members = new LinkedHashMap<>();
                        Group once = new Group(inner.order(), inner.parts(), 1, 1, null);
                        group(once, false, members, new ArrayList<>());
                        properties.put(key, array(Map.of("type", "object", "properties", members)));
                    }
                }
            }
        }
    }

    private void use(Use use, boolean needed, Map<String, Object> properties, List<String> required) {
        List<Element> there = new ArrayList<>(use.element().substitutes());
        there.addFirst(use.element());
        for (Element element : there) {
            if (!element.isAbstract()) {
                Map<String, Object> schema = schema(element);
                properties.put(use.key(element), use.array() ? array(schema) : schema);
            }
        }
        if (needed && use.min() > 0 && there.size() == 1) {
            required.add(use.key(use.element()));
        }
    }

    private static Map<String, Object> array(Object items) {
        return Map.of("type", "array", "items", items);
    }

    private Map<String, Object> simple(Simple type) {
        if (!type.values().isEmpty() && isText(type)) {
            return Map.of("type", "string", "enum", List.copyOf(type.values()));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (type.kind()) {
            case BOOLEAN -> schema.put("type", "boolean");
            case INTEGER -> {
                schema.put("type", "integer");
                if (type.low() != null) {
                    schema.put("minimum", type.low());
                }
                if (type.high() != null) {
                    schema.put("maximum", type.high());
                }
            }
            case DECIMAL -> schema.put("type", "number");
            case DOUBLE ->
                schema.put("anyOf", List.of(Map.of("type", "number"), Map.of("enum", List.of("INF", "-INF", "NaN"))));
            case BASE64 -> {
                schema.put("type", "string");
                schema.put("contentEncoding", "base64");
            }
            case LIST -> schema.putAll(array(simple(type.parts().getFirst())));
            case UNION ->
                schema.put(
                        "anyOf",
                        type.parts().stream().map(this::simple).distinct().toList());
            case DATE -> {
                schema.put("type", "string");
                schema.put("examples", List.of("2026-01-31"));
            }
            case DATE_TIME -> {
                schema.put("type", "string");
                schema.put("examples", List.of("2026-01-31T12:00:00Z"));
            }
            default -> schema.put("type", "string");
        }
        return schema;
    }

    private static boolean isText(Simple type) {
        return Set.of(Simple.Kind.STRING, Simple.Kind.TOKEN).contains(type.kind());
    }
}
