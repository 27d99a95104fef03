package dev.sallyport.plugins.authorize;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.sallyport.api.config.Kind;
import dev.sallyport.api.config.Vocabulary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions of the gateway's expressions that CEL does not have itself. */
final class Functions {

    /** Of CEL's standard library, or of {@link Language}; {@code orValue} is not there, since in CEL absence is an error. */
    private static final Set<String> THERE = Set.of(
            "startsWith",
            "endsWith",
            "contains",
            "matches",
            "inCidr",
            "size",
            "has",
            "int",
            "double",
            "string",
            "timestamp",
            "orValue");

    private Functions() {}

    static void declare(CelCompilerBuilder compiler) {
        functions()
                .forEach((name, forms) -> compiler.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        name, forms.stream().map(Functions::overload).toList())));
    }

    static void bind(CelRuntimeBuilder runtime) {
        functions()
                .forEach((name, forms) -> runtime.addFunctionBindings(CelFunctionBinding.fromOverloads(
                        name, forms.stream().map(Functions::binding).toList())));
    }

    private static Map<String, List<Vocabulary.Function>> functions() {
        Map<String, List<Vocabulary.Function>> functions = new LinkedHashMap<>();
        for (Vocabulary.Function function : Vocabulary.functions()) {
            if (!THERE.contains(function.name()) && function.on() != null && function.on() != Kind.TIME) {
                functions
                        .computeIfAbsent(function.name(), name -> new ArrayList<>())
                        .add(function);
            }
        }
        return functions;
    }

    private static CelOverloadDecl overload(Vocabulary.Function function) {
        List<CelType> types = kinds(function).stream().map(Variables::type).toList();
        return CelOverloadDecl.newMemberOverload(id(function), Variables.type(function.result()), types);
    }

    @SuppressWarnings("Immutable") // the plugin API's functions are, and know nothing of the annotation
    private static CelFunctionBinding binding(Vocabulary.Function function) {
        List<Class<?>> classes = new ArrayList<>();
        kinds(function).forEach(kind -> classes.add(type(kind)));
        return CelFunctionBinding.from(id(function), classes, arguments -> {
            Object value = function.call(arguments);
            if (value == null) {
                throw new IllegalArgumentException(function.form() + " has no value");
            }
            return value;
        });
    }

    private static List<Kind> kinds(Vocabulary.Function function) {
        List<Kind> kinds = new ArrayList<>();
        if (function.on() != null) {
            kinds.add(function.on());
        }
        kinds.addAll(function.parameters());
        return kinds;
    }

    private static Class<?> type(Kind kind) {
        return switch (kind) {
            case TEXT -> String.class;
            case NUMBER -> Long.class;
            case BOOLEAN -> Boolean.class;
            case LIST -> List.class;
            case TIME -> Instant.class;
            case ANY -> Object.class;
        };
    }

    private static String id(Vocabulary.Function function) {
        return "sallyport_" + function.form().replaceAll("[^A-Za-z]+", "_");
    }
}
