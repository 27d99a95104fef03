package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What kinds of values a schema takes, as far as it takes to know how a text such as {@code 1,2,3} is to be read: the schema
 * itself judges what was read.
 *
 * @param kinds of values that it may take; all of them where it does not say
 * @param properties those that an object may have
 * @param items of an array
 * @param open whether objects may have further properties
 */
record Shape(
        Set<Kind> kinds,
        Map<String, Shape> properties,
        @Nullable Shape items,
        boolean open) {

    /** How deep texts are read; no style goes deeper than two. */
    private static final int DEEPEST = 5;

    static final Shape ANY = new Shape(EnumSet.allOf(Kind.class), Map.of(), null, true);

    /** A kind of value. */
    enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        NULL,
        ARRAY,
        OBJECT
    }

    boolean isArray() {
        return kinds.contains(Kind.ARRAY) && !isAnything();
    }

    boolean isObject() {
        return kinds.contains(Kind.OBJECT) && !isAnything();
    }

    /** Whether the schema does not say what it takes: then a text is a text. */
    boolean isAnything() {
        return kinds.size() == Kind.values().length;
    }

    /** The shape of a property. */
    Shape property(String name) {
        return properties.getOrDefault(name, ANY);
    }

    /** The shape of an item. */
    Shape item() {
        return items == null ? ANY : items;
    }

    /** What a schema says. */
    static Shape of(ApiFiles files, Node schema) throws DocumentException {
        return of(files, schema, 0);
    }

    private static Shape of(ApiFiles files, Node reference, int depth) throws DocumentException {
        if (depth > DEEPEST || !reference.exists()) {
            return ANY;
        }
        Node schema = files.resolve(reference);
        JsonNode value = schema.value();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        JsonNode type = value.path("type");
        if (type.isString()) {
            add(type.asString(), kinds);
        }
        for (JsonNode each : type.isArray() ? type.values() : List.<JsonNode>of()) {
            add(each.asString(), kinds);
        }
        if (schema.flag("nullable", false) && !kinds.isEmpty()) {
            kinds.add(Kind.NULL);
        }
        if (kinds.isEmpty()) {
            for (JsonNode each :
                    value.path("enum").isArray() ? value.path("enum").values() : List.<JsonNode>of()) {
                kinds.add(kind(each));
            }
        }
        Map<String, Shape> properties = new LinkedHashMap<>();
        Node own = schema.get("properties");
        for (String name : own.value().propertyNames()) {
            properties.put(name, of(files, own.get(name), depth + 1));
        }
        Shape items = schema.get("items").value().isObject() ? of(files, schema.get("items"), depth + 1) : null;
        boolean open = !value.path("additionalProperties").isBoolean() || schema.flag("additionalProperties", true);
        if (kinds.isEmpty() && !properties.isEmpty()) {
            kinds.add(Kind.OBJECT);
        }
        if (kinds.isEmpty() && items != null) {
            kinds.add(Kind.ARRAY);
        }
        Shape shape = new Shape(kinds, properties, items, open);
        for (Shape part : parts(files, schema, "allOf", depth)) {
            shape = shape.both(part);
        }
        for (String word : new String[] {"anyOf", "oneOf"}) {
            Shape either = null;
            for (Shape part : parts(files, schema, word, depth)) {
                either = either == null ? part : either.either(part);
            }
            shape = either == null ? shape : shape.both(either);
        }
        return shape.kinds.isEmpty()
                ? new Shape(EnumSet.allOf(Kind.class), shape.properties, shape.items, shape.open)
                : shape;
    }

    private static List<Shape> parts(ApiFiles files, Node schema, String word, int depth) throws DocumentException {
        List<Shape> parts = new ArrayList<>();
        Node all = schema.get(word);
        for (int i = 0; all.value().isArray() && i < all.value().size(); i++) {
            parts.add(of(files, all.get(i), depth + 1));
        }
        return parts;
    }

    private Shape both(Shape other) {
        Set<Kind> common = EnumSet.noneOf(Kind.class);
        common.addAll(kinds.isEmpty() ? other.kinds : kinds);
        if (!kinds.isEmpty() && !other.kinds.isEmpty()) {
            common.retainAll(other.kinds);
        }
        return new Shape(common, joined(other), items == null ? other.items : items, open && other.open);
    }

    private Shape either(Shape other) {
        Set<Kind> any = EnumSet.noneOf(Kind.class);
        any.addAll(kinds);
        any.addAll(other.kinds);
        return new Shape(any, joined(other), items == null ? other.items : items, open || other.open);
    }

    private Map<String, Shape> joined(Shape other) {
        Map<String, Shape> joined = new LinkedHashMap<>(properties);
        other.properties.forEach(joined::putIfAbsent);
        return joined;
    }

    private static void add(String type, Set<Kind> kinds) {
        switch (type) {
            case "string" -> kinds.add(Kind.STRING);
            case "number", "integer" -> kinds.add(Kind.NUMBER);
            case "boolean" -> kinds.add(Kind.BOOLEAN);
            case "null" -> kinds.add(Kind.NULL);
            case "array" -> kinds.add(Kind.ARRAY);
            case "object" -> kinds.add(Kind.OBJECT);
            default -> {
                // the schema itself tells
            }
        }
    }

    private static Kind kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> Kind.NUMBER;
            case BOOLEAN -> Kind.BOOLEAN;
            case NULL -> Kind.NULL;
            case ARRAY -> Kind.ARRAY;
            case OBJECT -> Kind.OBJECT;
            default -> Kind.STRING;
        };
    }
}
