package dev.sallyport.api.processor;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Renamed;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.StoreName;
import dev.sallyport.api.config.TellsApart;
import dev.sallyport.api.config.UpstreamName;
import dev.sallyport.api.config.Written;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;

/**
 * The JSON Schema (draft 2020-12) of a record of settings. Beside the standard's keywords it uses {@code x-minimum} and
 * {@code x-maximum} (milliseconds of a duration, bytes of a size), {@code x-renamed} (the old name of a key),
 * {@code x-required} (a renamed key that must be given under one of its names), {@code x-shorthand} (the key whose bare
 * value stands for the whole record), {@code x-tells-apart} (a key by whose value a step tells callers apart) and
 * {@code x-store} (a key that names a store).
 */
final class Schemas {

    private static final String TYPES = "(expected: a type that the package dev.sallyport.api.config lists)";

    private final Types types;
    private final BiConsumer<Element, String> errors;
    private final Deque<TypeElement> open = new ArrayDeque<>();

    Schemas(Types types, BiConsumer<Element, String> errors) {
        this.types = types;
        this.errors = errors;
    }

    /** The schema of a record; mistakes in it are reported at their components. */
    Map<String, Object> of(TypeElement type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        describe(type, schema);
        if (open.contains(type)) {
            errors.accept(type, type.getSimpleName() + " holds itself (expected: a record that does not)");
            return schema;
        }
        open.push(type);
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        String brief = null;
        for (RecordComponentElement component : type.getRecordComponents()) {
            if (isPlace(component.asType())) {
                continue;
            }
            Written written = component.getAnnotation(Written.class);
            String name = written != null
                    ? written.value()
                    : component.getSimpleName().toString();
            Map<String, Object> property = property(component);
            boolean mustBeGiven = mustBeGiven(component, property);
            if (component.getAnnotation(Shorthand.class) != null) {
                if (brief != null) {
                    errors.accept(component, "@Shorthand on " + brief + " and " + name + " (expected: at most one)");
                }
                brief = name;
            }
            Renamed renamed = component.getAnnotation(Renamed.class);
            if (renamed != null) {
                addOldName(name, renamed, mustBeGiven, property, properties);
            } else if (mustBeGiven) {
                required.add(name);
            }
            properties.put(name, property);
        }
        open.pop();
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return brief == null ? schema : orBrief(brief, schema, properties, required);
    }

    private static void describe(Element element, Map<String, Object> schema) {
        Doc doc = element.getAnnotation(Doc.class);
        if (doc != null) {
            schema.put("description", doc.value());
        }
    }

    private static void addOldName(
            String name,
            Renamed renamed,
            boolean mustBeGiven,
            Map<String, Object> property,
            Map<String, Object> properties) {
        Map<String, Object> old = new LinkedHashMap<>(property);
        old.remove("default");
        old.put("description", "Called " + name + " since " + renamed.since() + ".");
        old.put("deprecated", true);
        properties.put(renamed.from(), old);
        property.put("x-renamed", Map.of("from", renamed.from()));
        if (mustBeGiven) {
            property.put("x-required", true);
        }
    }

    /** A record may be written as its one component's value where that is enough and cannot be taken for the record. */
    private static Map<String, Object> orBrief(
            String name, Map<String, Object> schema, Map<String, Object> properties, List<String> required) {
        @SuppressWarnings("unchecked")
        Map<String, Object> value = new LinkedHashMap<>((Map<String, Object>) properties.get(name));
        if (!required.stream().allMatch(name::equals) || mayBeMapping(value)) {
            return schema;
        }
        value.remove("default");
        schema.put("x-shorthand", name);
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("anyOf", List.of(value, schema));
        return both;
    }

    private static boolean mayBeMapping(Map<?, ?> schema) {
        if (schema.get("anyOf") instanceof List<?> forms) {
            return forms.stream().anyMatch(form -> mayBeMapping((Map<?, ?>) form));
        }
        return schema.containsKey("$ref") || schema.containsKey("oneOf") || "object".equals(schema.get("type"));
    }

    private boolean mustBeGiven(RecordComponentElement component, Map<String, Object> property) {
        boolean nullable = isNullable(component);
        if (component.getAnnotation(Default.class) != null) {
            if (nullable) {
                errors.accept(component, "@Default and @Nullable (expected: one of them); it is never null");
            }
            return false;
        }
        if (nullable && component.asType().getKind().isPrimitive()) {
            errors.accept(component, "@Nullable on a primitive type (expected: its box, such as Integer)");
        }
        if (nullable || "boolean".equals(property.get("type"))) {
            return false;
        }
        Map<String, Object> bounded = boundedForm(property);
        if ("array".equals(bounded.get("type"))) {
            return bounded.containsKey("minItems");
        }
        return !isMap(bounded) || bounded.containsKey("minProperties");
    }

    private static boolean isMap(Map<String, Object> schema) {
        return "object".equals(schema.get("type")) && !schema.containsKey("properties");
    }

    private static boolean isNullable(RecordComponentElement component) {
        return hasNullable(component.asType().getAnnotationMirrors())
                || hasNullable(component.getAnnotationMirrors())
                || hasNullable(component.getAccessor().getReturnType().getAnnotationMirrors());
    }

    private static boolean hasNullable(List<? extends AnnotationMirror> annotations) {
        return annotations.stream()
                .anyMatch(annotation -> annotation
                        .getAnnotationType()
                        .asElement()
                        .getSimpleName()
                        .contentEquals("Nullable"));
    }

    private Map<String, Object> property(RecordComponentElement component) {
        Map<String, Object> property = type(component.asType(), component);
        Shorthand shorthand = component.getAnnotation(Shorthand.class);
        if (shorthand != null && "array".equals(property.get("type"))) {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("anyOf", List.of(property.getOrDefault("items", Map.of()), property));
            property = both;
        }
        describe(component, property);
        if (component.getAnnotation(TellsApart.class) != null) {
            property.put("x-tells-apart", true);
        }
        if (component.getAnnotation(StoreName.class) != null) {
            property.put("x-store", true);
        }
        if (component.getAnnotation(UpstreamName.class) != null) {
            property.put("x-upstream", true);
        }
        Min least = component.getAnnotation(Min.class);
        if (least != null) {
            bound(component, boundedForm(property), least.value(), "in");
        }
        Max most = component.getAnnotation(Max.class);
        if (most != null) {
            bound(component, boundedForm(property), most.value(), "ax");
        }
        Default value = component.getAnnotation(Default.class);
        if (value != null) {
            try {
                property.put("default", Defaults.value(value.value(), property));
            } catch (IllegalArgumentException e) {
                errors.accept(component, "@Default of " + component.getSimpleName() + ": " + e.getMessage());
            }
        } else if (!isNullable(component)) {
            addEmptyDefault(property);
        }
        return property;
    }

    /** What a boolean or a collection is where it is not given. */
    private static void addEmptyDefault(Map<String, Object> property) {
        Map<String, Object> form = boundedForm(property);
        if ("boolean".equals(form.get("type"))) {
            property.put("default", false);
        } else if ("array".equals(form.get("type")) && !form.containsKey("minItems")) {
            property.put("default", List.of());
        } else if (isMap(form) && !form.containsKey("minProperties")) {
            property.put("default", Map.of());
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> boundedForm(Map<String, Object> property) {
        return property.get("anyOf") instanceof List<?> forms
                        && forms.getLast() instanceof Map<?, ?> form
                        && "array".equals(form.get("type"))
                ? (Map<String, Object>) form
                : property;
    }

    private void bound(Element component, Map<String, Object> schema, long value, String end) {
        String format = String.valueOf(schema.get("format"));
        String keyword = switch (String.valueOf(schema.get("type"))) {
            case "integer", "number" -> "m" + end + "imum";
            case "array" -> "m" + end + "Items";
            case "object" -> isMap(schema) ? "m" + end + "Properties" : "";
            case "string" -> format.equals("x-duration") || format.equals("x-size") ? "x-m" + end + "imum" : "";
            default -> "";
        };
        if (keyword.isEmpty()) {
            errors.accept(
                    component,
                    "@M" + end + " on " + component.getSimpleName()
                            + " (expected: on a number, duration, size, list or map)");
        } else {
            schema.put(keyword, value);
        }
    }

    private boolean isPlace(TypeMirror type) {
        if (!(type instanceof DeclaredType declared)) {
            return false;
        }
        Definition definition = declared.asElement().getAnnotation(Definition.class);
        return definition != null && definition.value().isEmpty();
    }

    private Map<String, Object> type(TypeMirror type, Element component) {
        Map<String, Object> scalar = Scalars.schema(
                type instanceof DeclaredType declared
                        ? ((TypeElement) declared.asElement())
                                .getQualifiedName()
                                .toString()
                        : type.getKind().isPrimitive() ? type.getKind().name().toLowerCase(Locale.ROOT) : "");
        if (scalar != null) {
            return scalar;
        }
        if (!(type instanceof DeclaredType declared) || type.getKind() == TypeKind.ERROR) {
            errors.accept(component, type + " " + TYPES);
            return new LinkedHashMap<>();
        }
        TypeElement element = (TypeElement) declared.asElement();
        Definition definition = element.getAnnotation(Definition.class);
        if (definition != null) {
            return new LinkedHashMap<>(Map.of("$ref", "#/$defs/" + definition.value()));
        }
        return switch (element.getQualifiedName().toString()) {
            case "java.util.List", "java.util.Set" -> list(declared, component);
            case "java.util.Map" -> map(declared, component);
            default -> own(element, component);
        };
    }

    private Map<String, Object> list(DeclaredType type, Element component) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        if (type.getTypeArguments().size() == 1) {
            schema.put("items", type(type.getTypeArguments().getFirst(), component));
        } else {
            errors.accept(component, type + " (expected: the type of its elements)");
        }
        if (((TypeElement) type.asElement()).getQualifiedName().contentEquals("java.util.Set")) {
            schema.put("uniqueItems", true);
        }
        return schema;
    }

    private Map<String, Object> map(DeclaredType type, Element component) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (type.getTypeArguments().size() != 2
                || !isNamed(type.getTypeArguments().getFirst(), "java.lang.String")) {
            errors.accept(component, type + " (expected: Map<String, …>)");
            return schema;
        }
        TypeMirror value = type.getTypeArguments().getLast();
        schema.put("additionalProperties", isNamed(value, "java.lang.Object") ? true : type(value, component));
        return schema;
    }

    private static boolean isNamed(TypeMirror type, String name) {
        return type instanceof DeclaredType declared
                && ((TypeElement) declared.asElement()).getQualifiedName().contentEquals(name);
    }

    private Map<String, Object> own(TypeElement element, Element component) {
        if (hasParse(element)) {
            return Scalars.parsed(element.getSimpleName().toString());
        }
        if (element.getKind() == ElementKind.ENUM) {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "string");
            schema.put(
                    "enum",
                    element.getEnclosedElements().stream()
                            .filter(member -> member.getKind() == ElementKind.ENUM_CONSTANT)
                            .map(Schemas::written)
                            .toList());
            return schema;
        }
        if (element.getKind() == ElementKind.RECORD) {
            return of(element);
        }
        if (element.getKind() == ElementKind.INTERFACE && element.getModifiers().contains(Modifier.SEALED)) {
            return choice(element, component);
        }
        errors.accept(component, element + " " + TYPES);
        return new LinkedHashMap<>();
    }

    private boolean hasParse(TypeElement element) {
        for (ExecutableElement method : ElementFilter.methodsIn(element.getEnclosedElements())) {
            if (method.getSimpleName().contentEquals("parse")
                    && method.getModifiers().contains(Modifier.STATIC)
                    && method.getModifiers().contains(Modifier.PUBLIC)
                    && method.getParameters().size() == 1
                    && isNamed(method.getParameters().getFirst().asType(), "java.lang.String")
                    && types.isSameType(types.erasure(method.getReturnType()), types.erasure(element.asType()))) {
                return true;
            }
        }
        return false;
    }

    private Map<String, Object> choice(TypeElement choice, Element component) {
        List<Map<String, Object>> options = new ArrayList<>();
        for (TypeMirror permitted : choice.getPermittedSubclasses()) {
            TypeElement option = (TypeElement) ((DeclaredType) permitted).asElement();
            if (option.getKind() != ElementKind.RECORD) {
                errors.accept(component, option + " (expected: a record, as all that " + choice + " permits)");
                continue;
            }
            options.add(option(written(option), option));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("oneOf", options);
        return schema;
    }

    private Map<String, Object> option(String key, TypeElement option) {
        Map<String, Object> schema = new LinkedHashMap<>();
        Map<String, Object> value = of(option);
        if (option.getRecordComponents().isEmpty()) {
            schema.put("const", key);
            describe(option, schema);
            return schema;
        }
        if (option.getRecordComponents().size() == 1 && value.get("properties") instanceof Map<?, ?> properties) {
            String only = properties.keySet().iterator().next().toString();
            @SuppressWarnings("unchecked")
            Map<String, Object> all = (Map<String, Object>) properties;
            value = orBrief(only, value, all, List.of());
        }
        schema.put("type", "object");
        schema.put("properties", Map.of(key, value));
        schema.put("required", List.of(key));
        schema.put("additionalProperties", false);
        return schema;
    }

    private static String written(Element element) {
        Written written = element.getAnnotation(Written.class);
        return written != null
                ? written.value()
                : Names.kebab(element.getSimpleName().toString());
    }
}
