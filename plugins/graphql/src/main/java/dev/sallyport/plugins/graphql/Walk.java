package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Request;
import dev.sallyport.plugins.graphql.GraphqlConfig.Kind;
import dev.sallyport.plugins.graphql.RefusedException.Why;
import dev.sallyport.plugins.graphql.SchemaTypes.FieldType;
import graphql.language.Argument;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.IntValue;
import graphql.language.Node;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.SourceLocation;
import graphql.language.Value;
import graphql.language.VariableDefinition;
import graphql.language.VariableReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * One operation, its fragments spread out, up to the first thing that does not pass. Each spread ends in a field, and fields
 * are bounded, so its work is too. For one thread.
 */
final class Walk {

    /** The usual introspection query is deeper than most limits. */
    private static final int INTROSPECTION_DEPTH = 20;

    private final GraphqlConfig config;
    private final @Nullable SchemaTypes types;
    private final FieldRules rules;
    private final JsonNode variables;
    private final Request request;
    private final Map<String, FragmentDefinition> fragments = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final Map<String, Value<?>> defaults = new HashMap<>();
    private int fields;
    private int aliases;
    private int directives;
    private int deepest;
    private long complexity;

    /**
     * Where the walk is.
     *
     * @param type null where it is not known
     * @param path ends in a dot, unless it is empty
     * @param factor how often what is here may come
     */
    private record Place(@Nullable String type, String path, int depth, long factor, boolean introspection) {

        Place in(@Nullable String other) {
            return other == null ? this : new Place(other, path, depth, factor, introspection);
        }
    }

    Walk(
            GraphqlConfig config,
            @Nullable SchemaTypes types,
            FieldRules rules,
            Document document,
            JsonNode variables,
            Request request) {
        this.config = config;
        this.types = types;
        this.rules = rules;
        this.variables = variables;
        this.request = request;
        for (FragmentDefinition fragment : document.getDefinitionsOfType(FragmentDefinition.class)) {
            fragments.put(fragment.getName(), fragment);
        }
    }

    Operation run(OperationDefinition operation, Kind kind) throws RefusedException {
        for (VariableDefinition variable : operation.getVariableDefinitions()) {
            if (variable.getDefaultValue() != null) {
                defaults.put(variable.getName(), variable.getDefaultValue());
            }
        }
        String root = types == null ? null : types.root(kind);
        if (types != null && root == null) {
            throw refused(Why.INVALID, "the schema has no such operations", operation, null);
        }
        directives(operation.getDirectives().size(), operation);
        walk(operation.getSelectionSet(), new Place(root, "", 1, 1, false));
        return new Operation(kind, operation.getName(), deepest, fields, complexity);
    }

    private void walk(SelectionSet set, Place place) throws RefusedException {
        for (Selection<?> selection : set.getSelections()) {
            switch (selection) {
                case Field field -> field(field, place);
                case InlineFragment inline -> {
                    directives(inline.getDirectives().size(), inline);
                    walk(
                            inline.getSelectionSet(),
                            inline.getTypeCondition() == null
                                    ? place
                                    : place.in(known(inline.getTypeCondition().getName(), inline)));
                }
                case FragmentSpread spread -> spread(spread, place);
                default -> throw new IllegalStateException("a selection of another kind: " + selection);
            }
        }
    }

    private void spread(FragmentSpread spread, Place place) throws RefusedException {
        directives(spread.getDirectives().size(), spread);
        FragmentDefinition fragment = fragments.get(spread.getName());
        if (fragment == null) {
            throw refused(Why.INVALID, "there is no such fragment", spread, null);
        }
        if (!open.add(spread.getName())) {
            throw refused(Why.INVALID, "a fragment spreads itself", spread, null);
        }
        directives(fragment.getDirectives().size(), fragment);
        walk(
                fragment.getSelectionSet(),
                place.in(known(fragment.getTypeCondition().getName(), fragment)));
        open.remove(spread.getName());
    }

    private String known(String type, Node<?> node) throws RefusedException {
        if (types != null && !types.has(type) && !type.startsWith("__")) {
            throw refused(Why.INVALID, "there is no such type", node, null);
        }
        return type;
    }

    private void field(Field field, Place place) throws RefusedException {
        String name = field.getName();
        String path = place.path() + name;
        boolean introspection = place.introspection() || name.equals("__schema") || name.equals("__type");
        if (++fields > config.maxFields()) {
            throw refused(Why.TOO_COMPLEX, "more than " + config.maxFields() + " fields", field, null);
        }
        if (place.depth() > (introspection ? Math.max(INTROSPECTION_DEPTH, config.maxDepth()) : config.maxDepth())) {
            throw refused(Why.TOO_COMPLEX, "deeper than " + config.maxDepth(), field, path);
        }
        if (field.getAlias() != null && ++aliases > config.maxAliases()) {
            throw refused(Why.TOO_COMPLEX, "more than " + config.maxAliases() + " aliases", field, null);
        }
        directives(field.getDirectives().size(), field);
        deepest = Math.max(deepest, place.depth());
        if (introspection) {
            if (!place.introspection() && !config.introspection().holds(request)) {
                throw refused(Why.INTROSPECTION, "the schema may not be asked for", field, path);
            }
            below(field, new Place(null, path + ".", place.depth() + 1, place.factor(), true));
            return;
        }
        FieldType type = type(field, place.type(), path);
        if (!rules.allows(request, path, place.type(), name)) {
            throw refused(Why.FIELD, path + " may not be asked for", field, path);
        }
        complexity = saturated(complexity, cost(path, place.type(), name), place.factor());
        if (complexity > config.maxComplexity()) {
            throw refused(Why.TOO_COMPLEX, "it costs more than " + config.maxComplexity(), field, path);
        }
        long factor = saturated(0, length(field, type != null && type.list()), place.factor());
        below(field, new Place(type == null ? null : type.name(), path + ".", place.depth() + 1, factor, false));
    }

    private void below(Field field, Place place) throws RefusedException {
        if (field.getSelectionSet() != null) {
            walk(field.getSelectionSet(), place);
        }
    }

    private @Nullable FieldType type(Field field, @Nullable String parent, String path) throws RefusedException {
        if (types == null || parent == null || field.getName().startsWith("__")) {
            return null;
        }
        FieldType type = types.field(parent, field.getName());
        if (type == null) {
            throw refused(Why.INVALID, parent + " has no such field", field, path);
        }
        return type;
    }

    private long cost(String path, @Nullable String type, String name) {
        Integer cost = type == null ? null : config.costs().get(type + "." + name);
        return cost != null ? cost : config.costs().getOrDefault(path, 1);
    }

    private long length(Field field, boolean list) {
        long most = 0;
        for (Argument argument : field.getArguments()) {
            if (config.listArguments().contains(argument.getName())) {
                Long length = number(argument.getValue());
                if (length != null) {
                    most = Math.max(most, Math.max(1, length));
                }
            }
        }
        return most > 0 ? most : list ? config.listSize() : 1;
    }

    private @Nullable Long number(@Nullable Value<?> value) {
        return switch (value) {
            case IntValue number ->
                number.getValue().bitLength() < 63 ? number.getValue().longValue() : Long.MAX_VALUE;
            case VariableReference variable -> {
                JsonNode given = variables.path(variable.getName());
                if (given instanceof NumericNode number) { // some servers take 1e6 for a whole number
                    yield number.isIntegralNumber() && number.canConvertToLong()
                            ? number.asLong()
                            : (long) Math.ceil(number.doubleValue());
                }
                if (given.isNull()) {
                    yield null;
                }
                Value<?> otherwise = defaults.get(variable.getName());
                yield otherwise instanceof IntValue ? number(otherwise) : null;
            }
            case null, default -> null;
        };
    }

    /** base + one * other, or the largest number. */
    private static long saturated(long base, long one, long other) {
        long product = one != 0 && other > Long.MAX_VALUE / one ? Long.MAX_VALUE : one * other;
        return base > Long.MAX_VALUE - product ? Long.MAX_VALUE : base + product;
    }

    private void directives(int more, Node<?> node) throws RefusedException {
        directives += more;
        if (directives > config.maxDirectives()) {
            throw refused(Why.TOO_COMPLEX, "more than " + config.maxDirectives() + " directives", node, null);
        }
    }

    private static RefusedException refused(Why why, String message, Node<?> node, @Nullable String path) {
        SourceLocation at = node.getSourceLocation();
        return new RefusedException(why, message, at == null ? 0 : at.getLine(), at == null ? 0 : at.getColumn(), path);
    }
}
