package dev.sallyport.plugins.graphql;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.graphql.GraphqlConfig.Kind;
import graphql.language.FieldDefinition;
import graphql.language.ImplementingTypeDefinition;
import graphql.language.ListType;
import graphql.language.NonNullType;
import graphql.language.ObjectTypeDefinition;
import graphql.language.OperationTypeDefinition;
import graphql.language.Type;
import graphql.language.TypeDefinition;
import graphql.language.TypeName;
import graphql.language.UnionTypeDefinition;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.errors.SchemaProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is read of a schema: the fields of types, and which objects an interface or a union may be. Immutable. */
final class SchemaTypes {

    private final Map<String, Map<String, FieldType>> fields = new HashMap<>();
    private final Map<String, Set<String>> possible = new HashMap<>();
    private final Map<String, String> roots = new HashMap<>();

    /**
     * The type of a field.
     *
     * @param name of the type, without what says that it is a list or never null
     */
    record FieldType(String name, boolean list) {

        static FieldType of(Type<?> written) {
            Type<?> type = written;
            boolean list = false;
            while (!(type instanceof TypeName)) {
                if (type instanceof ListType listType) {
                    list = true;
                    type = listType.getType();
                } else {
                    type = ((NonNullType) type).getType();
                }
            }
            return new FieldType(((TypeName) type).getName(), list);
        }
    }

    private SchemaTypes() {}

    /** Reads a file in SDL. */
    static SchemaTypes read(Path file) {
        try {
            TypeDefinitionRegistry registry = new SchemaParser().parse(Files.readString(file));
            SchemaTypes types = new SchemaTypes();
            types.fill(registry);
            return types;
        } catch (SchemaProblem e) {
            throw new ConfigException(
                    "schema", file + ": " + e.getErrors().getFirst().getMessage());
        } catch (IOException e) {
            throw new ConfigException("schema", file + " cannot be read (expected: a readable file in UTF-8)");
        }
    }

    private void fill(TypeDefinitionRegistry registry) {
        for (TypeDefinition<?> type : registry.types().values()) {
            add(type);
        }
        registry.objectTypeExtensions().values().forEach(all -> all.forEach(this::add));
        registry.interfaceTypeExtensions().values().forEach(all -> all.forEach(this::add));
        registry.unionTypeExtensions().values().forEach(all -> all.forEach(this::add));
        for (Kind kind : Kind.values()) {
            String word = kind.name().toLowerCase(Locale.ROOT);
            String usual = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
            List<OperationTypeDefinition> named = registry.schemaDefinition()
                    .map(definition -> definition.getOperationTypeDefinitions())
                    .orElse(List.of());
            String root = named.stream()
                    .filter(operation -> operation.getName().equals(word))
                    .map(operation -> operation.getTypeName().getName())
                    .findFirst()
                    .orElse(named.isEmpty() ? usual : "");
            if (fields.containsKey(root)) {
                roots.put(word, root);
            }
        }
    }

    private void add(TypeDefinition<?> type) {
        switch (type) {
            case ImplementingTypeDefinition<?> implementing -> {
                Map<String, FieldType> own = fields.computeIfAbsent(type.getName(), _ -> new HashMap<>());
                for (FieldDefinition field : implementing.getFieldDefinitions()) {
                    own.put(field.getName(), FieldType.of(field.getType()));
                }
                if (type instanceof ObjectTypeDefinition) {
                    possible(type.getName()).add(type.getName());
                    for (Type<?> parent : implementing.getImplements()) {
                        possible(((TypeName) parent).getName()).add(type.getName());
                    }
                }
            }
            case UnionTypeDefinition union -> {
                fields.computeIfAbsent(type.getName(), _ -> new HashMap<>());
                for (Type<?> member : union.getMemberTypes()) {
                    possible(type.getName()).add(((TypeName) member).getName());
                }
            }
            default -> {
                // scalars, enums and inputs have no fields that can be asked for
            }
        }
    }

    private Set<String> possible(String type) {
        return possible.computeIfAbsent(type, _ -> new HashSet<>());
    }

    boolean has(String type) {
        return fields.containsKey(type);
    }

    boolean has(String type, String field) {
        return fields.getOrDefault(type, Map.of()).containsKey(field);
    }

    @Nullable
    String root(Kind kind) {
        return roots.get(kind.name().toLowerCase(Locale.ROOT));
    }

    /** The type of a field; null where the type has no such field. */
    @Nullable
    FieldType field(String type, String name) {
        return fields.getOrDefault(type, Map.of()).get(name);
    }

    /** Whether an object may be of both. */
    boolean meet(String one, String other) {
        return one.equals(other)
                || !Collections.disjoint(possible.getOrDefault(one, Set.of()), possible.getOrDefault(other, Set.of()));
    }
}
