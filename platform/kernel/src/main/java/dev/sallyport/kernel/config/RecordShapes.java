package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Renamed;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.Written;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shapes of records, the kernel's and the plugins'. Nothing is kept of them: a shape holds a plugin's classes, and only as
 * long as it is used.
 */
final class RecordShapes {

    private RecordShapes() {}

    /**
     * The shape of a record.
     *
     * @throws IllegalArgumentException where a component is of a type that cannot be bound
     */
    static ObjectShape of(Class<?> type) {
        List<ObjectShape.Slot> slots = new ArrayList<>();
        String shorthand = null;
        boolean onlyShorthand = true;
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType() == Place.class) {
                slots.add(new ObjectShape.PlaceSlot());
                continue;
            }
            ObjectShape.Key key = key(component);
            slots.add(key);
            if (component.isAnnotationPresent(Shorthand.class)
                    && (key.shape() instanceof ScalarShape
                            || (key.shape() instanceof ListShape list && list.item() instanceof ScalarShape))) {
                shorthand = key.name();
            } else {
                onlyShorthand &= !key.required();
            }
        }
        return new ObjectShape(List.copyOf(slots), onlyShorthand ? shorthand : null, maker(type));
    }

    private static ObjectShape.Maker maker(Class<?> type) {
        try {
            Class<?>[] types = List.of(type.getRecordComponents()).stream()
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return values -> {
                try {
                    return constructor.newInstance(values);
                } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                }
            };
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " (expected: a record)", e);
        }
    }

    private static ObjectShape.Key key(RecordComponent component) {
        Shape shape = bounded(of(component.getGenericType(), component), component);
        Written written = component.getAnnotation(Written.class);
        String name = written != null ? written.value() : component.getName();
        Renamed renamed = component.getAnnotation(Renamed.class);
        String oldName = renamed == null ? null : renamed.from();
        Default given = component.getAnnotation(Default.class);
        if (given != null) {
            return new ObjectShape.Key(
                    name,
                    shape,
                    false,
                    (place, key, binding) -> shape.bind(DefaultNode.of(given.value(), shape, place), key, binding),
                    oldName);
        }
        Object absent = absent(shape, component.getType());
        if (isNullable(component)) {
            return new ObjectShape.Key(name, shape, false, (_, _, _) -> null, oldName);
        }
        return new ObjectShape.Key(
                name, shape, absent == null || hasLeast(shape), absent == null ? null : (_, _, _) -> absent, oldName);
    }

    private static @Nullable Object absent(Shape shape, Class<?> type) {
        return switch (shape) {
            case ListShape list -> list.empty();
            case MapShape _ -> Map.of();
            default -> (type == boolean.class || type == Boolean.class) ? false : null;
        };
    }

    private static boolean hasLeast(Shape shape) {
        return (shape instanceof ListShape list && list.least() > 0)
                || (shape instanceof MapShape map && map.least() > 0);
    }

    /** By its name: an author's own annotation of that name says the same. */
    private static boolean isNullable(RecordComponent component) {
        return hasNullable(component.getAnnotatedType())
                || hasNullable(component)
                || hasNullable(component.getAccessor().getAnnotatedReturnType());
    }

    private static boolean hasNullable(AnnotatedElement element) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }

    private static Shape bounded(Shape shape, RecordComponent component) {
        Min min = component.getAnnotation(Min.class);
        Max max = component.getAnnotation(Max.class);
        Long least = min == null ? null : Long.valueOf(min.value());
        Long most = max == null ? null : Long.valueOf(max.value());
        return SchemaShapes.bounded(shape, least, most);
    }

    private static Shape of(Type type, @Nullable RecordComponent component) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                Shape value = arguments[1] == Object.class ? new FreeShape() : of(arguments[1], null);
                return new MapShape(value, 0, Long.MAX_VALUE);
            }
            if (generic.getRawType() == List.class || generic.getRawType() == Set.class) {
                boolean shorthand = component != null && component.isAnnotationPresent(Shorthand.class);
                boolean set = generic.getRawType() == Set.class;
                return new ListShape(of(arguments[0], null), shorthand, set, 0, Long.MAX_VALUE);
            }
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalArgumentException(type + " (expected: a type that dev.sallyport.api.config lists)");
        }
        return ofClass(plain);
    }

    private static Shape ofClass(Class<?> type) {
        Shape scalar = Scalars.of(type);
        if (scalar != null) {
            return scalar;
        }
        if (type == Step.class) {
            return new StepShape();
        }
        if (type == CredentialConfig.class) {
            return new CredentialShape();
        }
        if (type == ServiceConfig.class) {
            return new ServiceShape();
        }
        if (type == ConfigNode.class) {
            return new NodeShape();
        }
        Method parse = parse(type);
        if (parse != null) {
            return Scalars.parsed(words(type.getSimpleName()), text -> call(parse, text));
        }
        if (type.isEnum()) {
            return Scalars.oneOf(constants(type));
        }
        if (type.isRecord()) {
            return of(type);
        }
        if (type.isInterface() && type.isSealed()) {
            Map<String, ObjectShape> options = new LinkedHashMap<>();
            for (Class<?> option : type.getPermittedSubclasses()) {
                options.put(written(option, option.getSimpleName()), of(option).orOnlyValue());
            }
            return new ChoiceShape(options);
        }
        throw new IllegalArgumentException(type + " (expected: a type that dev.sallyport.api.config lists)");
    }

    private static Map<String, Object> constants(Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name();
            try {
                constants.put(written(type.getField(name), name), constant);
            } catch (NoSuchFieldException e) {
                throw new IllegalArgumentException(type + "." + name, e);
            }
        }
        return constants;
    }

    private static @Nullable Method parse(Class<?> type) {
        try {
            Method parse = type.getMethod("parse", String.class);
            if (Modifier.isStatic(parse.getModifiers()) && parse.getReturnType() == type) {
                parse.setAccessible(true);
                return parse;
            }
            return null;
        } catch (NoSuchMethodException none) {
            return null;
        }
    }

    private static Object call(Method parse, String text) {
        try {
            Object value = parse.invoke(null, text);
            if (value == null) {
                throw new IllegalArgumentException(text);
            }
            return value;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalArgumentException(text, e);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(parse + " (expected: public)", e);
        }
    }

    private static String written(AnnotatedElement element, String name) {
        Written written = element.getAnnotation(Written.class);
        return written != null ? written.value() : kebab(name);
    }

    private static String kebab(String name) {
        boolean constant = name.equals(name.toUpperCase(Locale.ROOT));
        return (constant ? name.replace('_', '-') : words(name).replace(' ', '-')).toLowerCase(Locale.ROOT);
    }

    private static String words(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1 $2")
                .replaceAll("([A-Z])([A-Z][a-z])", "$1 $2")
                .toLowerCase(Locale.ROOT);
    }
}
